import type { StudyHost } from '@fleetune/coordinator';
import { memoryStore } from '@fleetune/coordinator/store';
import { manualClock } from '@fleetune/platform/manual';
import { listenForTrouble, settled } from '@fleetune/platform/testing';
import { createWatch, type Breach } from './checkers/watch.ts';
import { makeTrouble } from './disasters.ts';
import { withoutEffects } from './effects/forbidden-effects.ts';
import type { Strike } from './faults/strikes.ts';
import { markLog } from './log-marks.ts';
import { startMachine } from './machine.ts';
import type { Scenario } from './scenario.ts';
import { openSite } from './site.ts';
import { troubleMaker } from './trouble-maker.ts';
import { startAskers } from './workloads/own-loop.ts';
import { isOver, studyNamed, type World } from './world.ts';

/** What became of one seed. */
export interface Story {
  breaches: Breach[];
  /** Rare branches and how often they were taken. */
  marks: Map<string, number>;
  /** What went wrong, and how often. */
  strikes: ReadonlyMap<Strike, number>;
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
  const { strikes } = world;
  return { breaches, marks, strikes, trace: watch.trace(), virtualMs: clock.monotonic(), trials };
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
function patience(world: World): number {
  const { scenario, watch } = world;
  const { workers, slots, troubleMs } = scenario;
  let workMs = 0;
  for (const { name, state } of watch.studies.values()) {
    const trials = Math.max(state.trials.length, state.spec?.budget.trials ?? 20);
    const given = Math.min(studyNamed(world, name).slots ?? Infinity, state.run?.limit ?? Infinity);
    const parallel = Math.min(given, workers * slots);
    workMs += (trials * MOST_ATTEMPTS * (state.spec?.limits.trialMs ?? 0)) / parallel;
  }
  return troubleMs + PATIENCE_MS + workMs;
}

function newWorld(scenario: Scenario): World {
  const world = {
    scenario,
    clock: manualClock(),
    store: memoryStore(),
    executions: new Map(),
    machines: [],
    strikes: new Map(),
    site: undefined,
    opened: undefined,
    sites: 0,
    awayMs: 0,
    ends: new Map(),
  };
  // Checkers look at the world, and the world tells them.
  const watched = world as unknown as World & { watch: World['watch'] };
  Object.assign(watched, { watch: createWatch(watched) });
  return watched;
}

/** Who holds it up, shortly. */
function describe({ scenario, site, machines, ends }: World): string {
  const open = scenario.studies.filter(({ name }) => !ends.has(name)).map(({ name }) => name);
  const away = machines.filter(({ life }) => life.dead).map(({ name }) => name);
  return [
    ...open.map((name) => describeStudy(name, site?.hosts.get(name))),
    ...(site === undefined ? ['nobody coordinates'] : []),
    ...(away.length > 0 ? [`without ${away.join(', ')}`] : []),
  ].join('; ');
}

function describeStudy(name: string, host: StudyHost | undefined): string {
  if (host === undefined) return `${name} has no run`;
  const { live, trials, counts } = host.state;
  const next = host.nextWork();
  const cause = next.work === 'wait' ? ` (${next.reason.code})` : '';
  const attempts = [...live].map((trial) => {
    const { length, [length - 1]: attempt } = trials[trial]!.attempts;
    return `${trial}.${length} on ${attempt!.worker}`;
  });
  const running = attempts.length > 0 ? `, with ${attempts.join(', ')}` : '';
  return `${name}: next is to ${next.work}${cause}, ${counts.queued} queued${running}`;
}
