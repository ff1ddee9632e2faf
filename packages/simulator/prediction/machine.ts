import { randomStream, type RandomStream } from '@fleetune/core';
import type { Coordinator } from '@fleetune/coordinator';
import type { Clock, Random } from '@fleetune/platform';
import type { ManualClock } from '@fleetune/platform/manual';
import { silentLogger } from '@fleetune/platform/node';
import type { CoordinatorLink } from '@fleetune/protocol';
import { createWorker, type Runner, type Worker } from '@fleetune/worker';
import { plannedPrograms } from './planned-programs.ts';
import type { Cluster } from './cluster.ts';
import type { Workload } from './workload.ts';

export interface MachineOptions {
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

/** Where the cluster's worker processes run, and the next ones when they died. */
export function startMachines(options: MachineOptions): void {
  const { workers, deathsPerHour } = options.cluster;
  if (deathsPerHour > 0) {
    for (let index = 0; index < workers; index++) startMortal(options, newPlace(options, index));
    return;
  }
  // Those that never die share what they have of the world: 10,000 of that would be a lot of memory.
  const { coordinator, workload, onRunning } = options;
  const clock = processClock(options.clock);
  const runner = programs(options, clock, onRunning);
  const world = { clock, link: coordinator.dispatcher, runner };
  for (let index = 0; index < workers; index++) {
    const worker = newWorker(options, newPlace(options, index), world);
    clock.after(workload.startUpMs(index, 0), () => void worker.run().catch(ignore));
  }
}

/** Where one worker process runs after the other. */
interface Place {
  readonly index: number;
  readonly random: RandomStream;
  /** How often its process was started before. */
  life: number;
}

function newPlace({ seed }: MachineOptions, index: number): Place {
  return { index, random: randomStream(seed, index, 'machine'), life: 0 };
}

/** What a process has of the world. */
interface Surroundings {
  clock: Clock;
  link: CoordinatorLink;
  runner: Runner;
}

interface Mortal {
  gone: boolean;
  running: number;
}

/** From now on it lives, dies, and has its successor. */
function startMortal(options: MachineOptions, place: Place): void {
  const { cluster, workload, clock, coordinator } = options;
  const mortal: Mortal = { gone: false, running: 0 };
  const worker = newWorker(options, place, surroundings(options, mortal));
  clock.after(workload.startUpMs(place.index, place.life), () => {
    if (mortal.gone) return;
    const left = (): void => void (mortal.gone = true);
    worker.run().then(left, left);
  });
  const livesMs = (-Math.log(1 - place.random.next()) / cluster.deathsPerHour) * HOUR_MS;
  clock.after(livesMs, () => {
    if (mortal.gone) return;
    mortal.gone = true;
    options.onRunning(-mortal.running);
    options.onDeath();
    clock.after(MISSED_MS, () => coordinator.dispatcher.lost(worker.name));
    clock.after(REPLACED_MS, () => {
      place.life += 1;
      startMortal(options, place);
    });
  });
}

function newWorker(
  { cluster }: MachineOptions,
  place: Place,
  { clock, link, runner }: Surroundings,
): Worker {
  const { index, life } = place;
  return createWorker({
    clock,
    link,
    runner,
    slots: cluster.slots,
    host: `host-${index}`,
    pid: 1,
    name: life === 0 ? `worker-${index}` : `worker-${index}-${life}`,
    random: new PlaceRandom(place),
    log: silentLogger,
  });
}

/** A class: every worker has one. */
class PlaceRandom implements Random {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  id(): string {
    const { index, life, random } = this.#place;
    return `${index}-${life}-${random.int(2 ** 32)}`;
  }

  seed(): number {
    return this.#place.random.int(2 ** 32);
  }

  fraction(): number {
    return this.#place.random.next();
  }
}

/** Nothing of what the dead say arrives, and they hear nothing. */
function surroundings(options: MachineOptions, mortal: Mortal): Surroundings {
  const clock = processClock(options.clock, mortal);
  const onRunning = (change: number): void => {
    mortal.running += change;
    options.onRunning(change);
  };
  return {
    clock,
    link: processLink(options.coordinator.dispatcher, mortal),
    runner: programs(options, clock, onRunning),
  };
}

function programs(
  { workload, objective, maxFidelity }: MachineOptions,
  clock: Clock,
  onRunning: (change: number) => void,
): Runner {
  return plannedPrograms({ clock, workload, objective, maxFidelity, onRunning });
}

/** Monotonic from the process's start, and silent after its death, if it may die. */
function processClock(clock: Clock, mortal?: Mortal): Clock {
  const bornMs = clock.monotonic();
  return {
    now: clock.now,
    monotonic: () => clock.monotonic() - bornMs,
    after: mortal
      ? (ms, callback) => clock.after(ms, () => mortal.gone || callback())
      : clock.after,
  };
}

function processLink(link: CoordinatorLink, mortal: Mortal): CoordinatorLink {
  const forever = new Promise<never>(() => undefined);
  return {
    register: (request) => (mortal.gone ? forever : link.register(request)),
    exchange: (request) => (mortal.gone ? forever : link.exchange(request)),
  };
}

function ignore(): void {}
