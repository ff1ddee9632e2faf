import { memoryStore } from '@fleetune/coordinator/store';
import { manualClock } from '@fleetune/platform/manual';
import { listenForTrouble, settled } from '@fleetune/platform/testing';
import { createWatch, type Breach } from './checkers/watch.ts';
import { makeTrouble } from './disasters.ts';
import { withoutEffects } from './effects/forbidden-effects.ts';
import { markLog } from './log-marks.ts';
import { startMachine } from './machine.ts';
import type { Scenario } from './scenario.ts';
import { openSite } from './site.ts';
import { troubleMaker } from './trouble-maker.ts';
import { startAskers } from './workloads/own-loop.ts';
import { isOver, type World } from './world.ts';

/** What became of one seed. */
export interface Story {
  breaches: Breach[];
  /** Rare branches and how often they were taken. */
  marks: Map<string, number>;
  /** The same for the same seed, or chance or time got in from outside. */
  trace: string;
  virtualMs: number;
  trials: number;
}

/** Once the trouble is over, all studies end within so long and the time that their trials take; leases of asked trials are long. */
const PATIENCE_MS = 900_000;
/** Attempts that fail and are tried again, and those that end a retry later. */
const MOST_ATTEMPTS = 6;

/** Tells the story of one seed to its end, or to the first promise that is broken. */
export function simulate(scenario: Scenario): Promise<Story> {
  return withoutEffects(() => tell(scenario));
}

async function tell(scenario: Scenario): Promise<Story> {
  const world = newWorld(scenario);
  const { clock, watch } = world;
  const marks = new Map<string, number>();
  listenForTrouble(troubleMaker(world, marks));
  const unhandled = (error: unknown): void =>
    watch.broken('nothing-breaks', `nobody handled ${(error as Error).stack ?? String(error)}`);
  process.on('unhandledRejection', unhandled);
  try {
    openSite(world);
    for (let i = 0; i < scenario.workers; i++) startMachine(world, i);
    for (const study of scenario.studies) startAskers(world, study);
    makeTrouble(world);
    await settled();
    await untilOver(world);
    if (watch.breaches.length === 0) watch.finished();
  } finally {
    process.off('unhandledRejection', unhandled);
    listenForTrouble(undefined);
  }
  let trials = 0;
  for (const { state } of watch.studies.values()) trials += state.trials.length;
  for (const { id } of watch.studies.values()) markLog(world.store.events(id, 0), marks);
  const { breaches } = watch;
  return { breaches, marks, trace: watch.trace(), virtualMs: clock.monotonic(), trials };
}

async function untilOver(world: World): Promise<void> {
  const { clock, watch } = world;
  let giveUpMs = patience(world);
  while (!isOver(world) && watch.breaches.length === 0) {
    if (clock.monotonic() > giveUpMs) {
      // People may have given it more to do meanwhile.
      giveUpMs = patience(world);
      if (clock.monotonic() > giveUpMs) return watch.broken('every-study-ends', describe(world));
    }
    if (!clock.step())
      return watch.broken('every-study-ends', `nothing is due: ${describe(world)}`);
    await settled();
    watch.stepped();
  }
}

/** As long as the worst programs on the fewest slots take. */
function patience({ scenario, watch }: World): number {
  const { workers, slots, troubleMs } = scenario;
  let workMs = 0;
  for (const { state } of watch.studies.values()) {
    const trials = Math.max(state.trials.length, state.spec?.budget.trials ?? 20);
    workMs += trials * MOST_ATTEMPTS * (state.spec?.limits.trialMs ?? 0);
  }
  return troubleMs + PATIENCE_MS + workMs / (workers * slots);
}

function newWorld(scenario: Scenario): World {
  const world = {
    scenario,
    clock: manualClock(),
    store: memoryStore(),
    executions: new Map(),
    machines: [],
    site: undefined,
    sites: 0,
    awayMs: 0,
    ends: new Map(),
  };
  // Checkers look at the world, and the world tells them.
  const watched = world as unknown as World & { watch: World['watch'] };
  Object.assign(watched, { watch: createWatch(watched) });
  return watched;
}

function describe({ site, machines, ends }: World): string {
  return JSON.stringify({
    ends: [...ends],
    studies: [...(site?.hosts.values() ?? [])].map((host) => {
      const { state, name } = host;
      const live = [...state.live].map((trial) => [trial, state.trials[trial]!.attempts.at(-1)]);
      return { name, next: host.nextWork(), live, counts: state.counts };
    }),
    workers: site?.coordinator.workers(),
    machines: machines.map(({ name, life, programs }) => [name, life.dead, programs?.running()]),
  });
}
