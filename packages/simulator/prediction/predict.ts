import type { Parameter, RunEnd, StudySpec, StudyStatus } from '@fleetune/core';
import { createCoordinator } from '@fleetune/coordinator';
import { manualClock, play, type ManualClock } from '@fleetune/platform/manual';
import { busyCurve } from './busy-curve.ts';
import type { Cluster } from './cluster.ts';
import { forgetfulStore } from './forgetful-store.ts';
import { startMachines } from './machine.ts';
import type { Workload } from './workload.ts';

export interface PredictionOptions {
  spec: StudySpec;
  cluster: Cluster;
  workload: Workload;
  seed: number;
  /** Moved from now to the end of the study; absent: one of its own. */
  clock?: ManualClock;
  /** Called now and then with the number of trials that have ended. */
  onProgress?: (ended: number) => void;
}

export interface Prediction {
  cluster: Cluster;
  /** From the start of all workers to the end of the study. */
  finishMs: number;
  end: RunEnd;
  /** The study as people see it after its end. */
  status: StudyStatus;
  attempts: number;
  deaths: number;
  busy: { stretchMs: number; busy: number[] };
}

/** Plays the whole study on the cluster with the real coordinator and the real workers, in virtual time. */
export async function predict(options: PredictionOptions): Promise<Prediction> {
  const { cluster, workload, seed, onProgress, clock = manualClock() } = options;
  const spec = simulated(options.spec, seed);
  const coordinator = createCoordinator(forgetfulStore(), clock, undefined, leaseMs(options));
  const curve = busyCurve();
  let deaths = 0;
  const host = await coordinator.open(spec);
  const slots = cluster.workers * cluster.slots;
  const over = { end: undefined as RunEnd | undefined };
  const run = coordinator.run(host, { slots, keepGoing: true, files: '/' });
  run.then(
    (end) => (over.end = end),
    () => undefined,
  );
  startMachines({
    seed,
    cluster,
    workload,
    clock,
    coordinator,
    objective: spec.objective.metric,
    maxFidelity: spec.fidelity?.max,
    onRunning: (change) => curve.change(clock.monotonic(), change),
    onDeath: () => (deaths += 1),
  });
  await play(clock, () => over.end !== undefined, {
    every: 65_536,
    onPause() {
      onProgress?.(host.state.attemptsEnded);
      return new Promise((resolve) => void setImmediate(resolve));
    },
  });
  const finishMs = clock.monotonic();
  return {
    cluster,
    finishMs,
    end: await run,
    status: coordinator.status(host),
    attempts: host.state.attemptsEnded,
    deaths,
    busy: curve.read(finishMs),
  };
}

const USUAL_LEASE_MS = 15_000;
const SAMPLES = 31;

/**
 * What a dead worker did since its last heartbeat is in nobody's account, so that a long trial has 18 of them; more often
 * would only take long. That it is dead is known after the usual lease.
 */
function leaseMs({ cluster, workload, spec }: PredictionOptions): number {
  // Nobody need be heard of, however long the trials are.
  if (cluster.deathsPerHour === 0) return Infinity;
  const durationsMs = Array.from({ length: SAMPLES }, (_, trial) => {
    const { beginMs, unitMs } = workload.plan(trial, 1);
    return beginMs + unitMs * (spec.fidelity?.max ?? 1);
  });
  const median = durationsMs.sort((a, b) => a - b)[SAMPLES >> 1]!;
  return Math.max(USUAL_LEASE_MS, median / 6);
}

/** Which params are proposed changes nothing here, so that one is enough; but a grid comes to an end. */
function simulated(spec: StudySpec, seed: number): StudySpec {
  const { target: _, ...budget } = spec.budget;
  const study = { ...spec, seed, budget };
  if (spec.sampler.type === 'grid') return study;
  return { ...study, sampler: { type: 'random' }, space: [ANY], constraints: [] };
}

const ANY: Parameter = { name: 'any', type: 'float', low: 0, high: 1, log: false };
