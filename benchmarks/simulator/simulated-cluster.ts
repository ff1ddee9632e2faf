// The process of one cluster of the benchmark `simulator`: `node simulated-cluster.ts WORKERS TRIALS`. Trials of 40 to
// 80 s, without reports in between: one trial is one attempt with a result. Prints JSON.

import { Worker, isMainThread } from 'node:worker_threads';
import { readStudy, type StudySpec } from '@fleetune/core';
import { manualClock, type ManualClock } from '@fleetune/platform/manual';
import { simulationHeaps } from '@fleetune/platform/node';
import { assumedWorkload, predict } from '@fleetune/simulator/prediction';

export interface Simulated {
  trials: number;
  /** Facts in the study's log. */
  events: number;
  cpuUs: number;
  wallUs: number;
  /** Timers that were set, cancelled and called. */
  clockOperations: number;
  rssBytes: number;
}

const [workers = 0, trials = 0] = process.argv.slice(2).map(Number);

if (isMainThread) {
  // As `fleetune simulate` does.
  simulationHeaps();
  new Worker(import.meta.filename, { argv: [workers, trials] });
} else {
  // What is compiled and loaded first is not the simulation's.
  await simulated(10, 3_000);
  console.log(JSON.stringify(await simulated(workers, trials)));
}

async function simulated(workers: number, trials: number): Promise<Simulated> {
  const counted = { operations: 0 };
  const spec = specOf(trials);
  const workload = assumedWorkload(spec, { medianMs: 60_000, sigma: 0.3 }, 1);
  const begun = { cpu: process.cpuUsage(), us: performance.now() * 1000 };
  const { status, attempts } = await predict({
    spec,
    cluster: { workers, slots: 1, deathsPerHour: 0 },
    workload,
    seed: 1,
    clock: countingClock(counted),
  });
  const { user, system } = process.cpuUsage(begun.cpu);
  return {
    trials: attempts,
    events: status.lastEvent,
    cpuUs: user + system,
    wallUs: performance.now() * 1000 - begun.us,
    clockOperations: counted.operations,
    rssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function countingClock(counted: { operations: number }): ManualClock {
  const clock = manualClock();
  return {
    ...clock,
    after(ms, callback) {
      counted.operations += 1;
      const cancel = clock.after(ms, callback);
      return () => {
        counted.operations += 1;
        cancel();
      };
    },
    step() {
      counted.operations += 1;
      return clock.step();
    },
  };
}

function specOf(trials: number): StudySpec {
  const raw = {
    name: 'simulated',
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    command: ['program'],
    budget: { trials },
  };
  const read = readStudy(raw, { cwd: '/', seed: 1 });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
}
