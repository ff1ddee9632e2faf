import { randomStream, type RandomStream } from '@fleetune/core';
import type { Coordinator } from '@fleetune/coordinator';
import type { Clock } from '@fleetune/platform';
import type { ManualClock } from '@fleetune/platform/manual';
import { silentLogger } from '@fleetune/platform/node';
import type { CoordinatorLink } from '@fleetune/protocol';
import { createWorker } from '@fleetune/worker';
import { plannedPrograms } from './planned-programs.ts';
import type { Cluster } from './cluster.ts';
import type { Workload } from './workload.ts';

export interface MachineOptions {
  index: number;
  seed: number;
  cluster: Cluster;
  workload: Workload;
  clock: ManualClock;
  coordinator: Coordinator;
  objective: string;
  maxFidelity: number | undefined;
  /** Programs that began to run or are gone. */
  onRunning(change: number): void;
  onDeath(): void;
}

/** A dead worker is missed when its lease is over; its place has a new one so long after its death. */
const MISSED_MS = 15_000;
const REPLACED_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Where one worker process runs, and the next when it died. */
export function startMachine(options: MachineOptions): void {
  const { index, seed, cluster, workload, clock } = options;
  const random = randomStream(seed, index, 'machine');
  const boot = (life: number): void => {
    const process = startProcess(options, random, life);
    clock.after(workload.startUpMs(index, life), process.run);
    if (cluster.deathsPerHour === 0) return;
    const livesMs = (-Math.log(1 - random.next()) / cluster.deathsPerHour) * HOUR_MS;
    clock.after(livesMs, () => {
      if (!process.die()) return;
      options.onDeath();
      clock.after(MISSED_MS, () => options.coordinator.dispatcher.lost(process.name));
      clock.after(REPLACED_MS, () => boot(life + 1));
    });
  };
  boot(0);
}

interface WorkerProcess {
  name: string;
  run(): void;
  /** False when it has left before. */
  die(): boolean;
}

function startProcess(options: MachineOptions, random: RandomStream, life: number): WorkerProcess {
  const { index, cluster, coordinator, workload, objective, maxFidelity } = options;
  const mortal = { gone: false };
  let running = 0;
  const clock = processClock(options.clock, cluster.deathsPerHour > 0 ? mortal : undefined);
  const worker = createWorker({
    link:
      cluster.deathsPerHour > 0
        ? processLink(coordinator.dispatcher, mortal)
        : coordinator.dispatcher,
    slots: cluster.slots,
    host: `host-${index}`,
    pid: 1,
    name: life === 0 ? `worker-${index}` : `worker-${index}-${life}`,
    clock,
    random: {
      id: () => `${index}-${life}-${random.int(2 ** 32)}`,
      seed: () => random.int(2 ** 32),
      fraction: () => random.next(),
    },
    runner: plannedPrograms({
      clock,
      workload,
      objective,
      maxFidelity,
      onRunning(change) {
        running += change;
        options.onRunning(change);
      },
    }),
    log: silentLogger,
  });
  return {
    name: worker.name,
    run() {
      if (mortal.gone) return;
      const left = (): void => void (mortal.gone = true);
      worker.run().then(left, left);
    },
    die() {
      if (mortal.gone) return false;
      mortal.gone = true;
      options.onRunning(-running);
      return true;
    },
  };
}

/** Monotonic from the process's start, and silent after its death, if it may die. */
function processClock(clock: Clock, mortal: { gone: boolean } | undefined): Clock {
  const bornMs = clock.monotonic();
  return {
    now: clock.now,
    monotonic: () => clock.monotonic() - bornMs,
    after: mortal
      ? (ms, callback) => clock.after(ms, () => mortal.gone || callback())
      : clock.after,
  };
}

/** Nothing of what the dead say arrives, and they hear nothing. */
function processLink(link: CoordinatorLink, mortal: { gone: boolean }): CoordinatorLink {
  const forever = new Promise<never>(() => undefined);
  return {
    register: (request) => (mortal.gone ? forever : link.register(request)),
    exchange: (request) => (mortal.gone ? forever : link.exchange(request)),
  };
}
