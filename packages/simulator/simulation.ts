import { randomStream, type RandomStream, type RunEnd } from '@fleetune/core';
import { createCoordinator, type Coordinator, type StudyHost } from '@fleetune/coordinator';
import { memoryStore, type Store } from '@fleetune/coordinator/store';
import { silentLogger } from '@fleetune/platform/node';
import { manualClock, type ManualClock } from '@fleetune/platform/testing';
import { createWorker, type Worker } from '@fleetune/worker';
import { createAcknowledged, type Acknowledged } from './checkers/acknowledged.ts';
import { checkLog } from './checkers/log.ts';
import { checkReplay } from './checkers/replay.ts';
import { createIdleWatch } from './checkers/idle-slots.ts';
import { checkTimeBudget } from './checkers/time-budget.ts';
import { faultyLink } from './faults/faulty-link.ts';
import { mortalClock, mortalStore, type Life } from './faults/mortal.ts';
import type { NetworkFaults, Scenario, Trouble } from './scenario.ts';
import {
  simulatedPrograms,
  type Executions,
  type Programs,
} from './workloads/simulated-programs.ts';

export interface World {
  readonly scenario: Scenario;
  readonly clock: ManualClock;
  readonly store: Store;
  readonly executions: Executions;
  readonly acknowledged: Acknowledged;
  readonly machines: Machine[];
  site: Site | undefined;
  /** How the last run ended, once no other follows. */
  end: RunEnd | undefined;
  /** What broke that must never break. */
  readonly broken: string[];
}

/** One process that coordinates, from its start to its end or death. */
export interface Site {
  life: Life;
  coordinator: Coordinator;
  host: StudyHost;
  openedMs: number;
  /** Nobody knew another one before. */
  first: boolean;
  interrupted: boolean;
}

/** Where one worker process after the other runs. */
export interface Machine {
  name: string;
  life: Life;
  worker: Worker | undefined;
  programs: Programs | undefined;
  bornMs: number;
  /** Starts the next process. */
  boot(): void;
}

const CALM: NetworkFaults = { longestMs: 5, lost: 0, doubled: 0, stuck: 0, stuckMs: 0 };
/** Once the trouble is over, the rest of the study takes at most so long. */
const PATIENCE_MS = 900_000;

/** Tells the story of one seed to its end. The answer: what went wrong. */
export async function simulate(scenario: Scenario): Promise<string[]> {
  const world: World = {
    scenario,
    clock: manualClock(),
    store: memoryStore(),
    executions: new Map(),
    acknowledged: createAcknowledged(),
    machines: [],
    site: undefined,
    end: undefined,
    broken: [],
  };
  const idle = createIdleWatch(world);
  openSite(world);
  for (let i = 0; i < scenario.workers; i++) startMachine(world, i);
  makeTrouble(world);
  const giveUpMs = scenario.troubleMs + PATIENCE_MS;
  await settled();
  while (world.end === undefined && world.broken.length === 0) {
    const next = world.clock.untilNext();
    if (next === undefined || world.clock.monotonic() > giveUpMs) {
      world.broken.push(`hangs: ${describe(world)}`);
      break;
    }
    world.clock.advance(next);
    await settled();
    idle.look();
    world.broken.push(...checkTimeBudget(world));
  }
  return [...world.broken, ...(world.broken.length > 0 ? [] : checkLog(world))];
}

/** Nothing in this world waits for more than resolved promises and the clock. */
function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function openSite(world: World): void {
  const { scenario, clock, store } = world;
  const life: Life = { dead: false };
  const random = randomStream(scenario.seed, Math.round(clock.monotonic()), 'store');
  const first = store.studies().length === 0;
  const coordinator = createCoordinator(
    mortalStore(store, { clock, random, longestMs: scenario.diskMs }, life),
    mortalClock(clock, life),
  );
  coordinator
    .open(scenario.spec)
    .then(async (host) => {
      if (life.dead) return;
      const openedMs = clock.monotonic();
      const site: Site = { life, coordinator, host, openedMs, first, interrupted: false };
      world.site = site;
      const { slots, workers, keepGoing } = scenario;
      const over = host.nextWork();
      const end =
        over.work === 'finished'
          ? over.end
          : await coordinator.run(host, { slots: slots * workers, keepGoing, files: '/' });
      while (store.study(host.name)!.lastEvent < host.state.lastEvent) await host.commit();
      if (!life.dead) endSite(world, site, end);
    })
    .catch((error: unknown) => life.dead || world.broken.push(`the run broke: ${String(error)}`));
}

/** An interrupted study is taken up again, as people do. */
function endSite(world: World, site: Site, end: RunEnd): void {
  site.life.dead = true;
  world.broken.push(...checkReplay(world.store, site.host));
  world.site = undefined;
  if (end !== 'drained') world.end = end;
  else world.clock.after(200, () => openSite(world));
}

function startMachine(world: World, index: number): void {
  const random = randomStream(world.scenario.seed, index, 'machine');
  const machine: Machine = {
    name: `machine-${index}`,
    life: { dead: true },
    worker: undefined,
    programs: undefined,
    bornMs: 0,
    boot() {
      if (world.end !== undefined) return;
      const life: Life = { dead: false };
      const bornMs = world.clock.monotonic();
      Object.assign(machine, { life, bornMs }, bornWorker(world, machine.name, life, random));
      const left = (): void => {
        if (life.dead) return;
        life.dead = true;
        world.clock.after(100 + random.next() * 900, machine.boot);
      };
      machine.worker!.run().then(left, left);
    },
  };
  world.machines.push(machine);
  world.clock.after(random.next() * 300, machine.boot);
}

function bornWorker(
  world: World,
  machine: string,
  life: Life,
  random: RandomStream,
): { worker: Worker; programs: Programs } {
  const { scenario, executions, acknowledged } = world;
  const clock = mortalClock(world.clock, life);
  const twice = (name: string): unknown => world.broken.push(`${name} was started twice`);
  const programs = simulatedPrograms(scenario.seed, clock, executions, twice);
  const worker = createWorker({
    link: faultyLink({
      life,
      clock: world.clock,
      random,
      faults: () => (isTroubled(world) ? scenario.network : CALM),
      listener: () => world.site?.coordinator.dispatcher,
      onAnswered: acknowledged.take,
    }),
    slots: scenario.slots,
    host: machine,
    pid: 1,
    // An engine's handle stays the same from one process to the next.
    name: random.next() < 0.7 ? machine : `${machine}-${random.int(1e6)}`,
    clock,
    random: {
      id: () => `${random.int(1e9)}`,
      seed: () => random.int(2 ** 32),
      fraction: () => random.next(),
    },
    runner: programs.runner,
    log: silentLogger,
  });
  return { worker, programs };
}

export function isTroubled({ scenario, clock }: World): boolean {
  return clock.monotonic() < scenario.troubleMs;
}

const TICK_MS = 250;

function makeTrouble(world: World): void {
  const { scenario, clock } = world;
  const random = randomStream(scenario.seed, 0, 'trouble');
  const tick = (): void => {
    if (!isTroubled(world)) return;
    for (const [kind, perSecond] of Object.entries(scenario.perSecond)) {
      if (random.next() < (perSecond * TICK_MS) / 1000) strike(world, kind as Trouble, random);
    }
    clock.after(TICK_MS, tick);
  };
  clock.after(TICK_MS, tick);
}

function strike(world: World, kind: Trouble, random: RandomStream): void {
  const { machines, site } = world;
  if (kind === 'worker-killed') {
    killWorker(world, machines[random.int(machines.length)]!, random);
  } else if (site !== undefined) {
    troubleSite(world, site, kind, random);
  }
}

function killWorker(world: World, machine: Machine, random: RandomStream): void {
  if (machine.life.dead) return;
  machine.life.dead = true;
  // Sometimes the engine sees it, and says so.
  if (random.next() < 0.5) world.site?.coordinator.dispatcher.lost(machine.worker!.name);
  world.clock.after(100 + random.next() * (random.next() < 0.5 ? 500 : 20_000), machine.boot);
}

function troubleSite(world: World, site: Site, kind: Trouble, random: RandomStream): void {
  const { coordinator, host, life } = site;
  const refused = (): void => undefined;
  switch (kind) {
    case 'coordinator-killed':
      life.dead = true;
      world.site = undefined;
      world.clock.after(100 + random.next() * 8_000, () => openSite(world));
      return;
    case 'enqueue':
      coordinator.enqueue(host, { x: random.next(), k: 'b' }).catch(refused);
      return;
    case 'stop-trial':
      coordinator
        .control(host, {
          kind: 'stop-trial',
          trial: random.int(host.state.trials.length + 1),
          as: 'stopped',
          reason: { code: 'user', text: 'seen' },
        })
        .catch(refused);
      return;
    case 'stop-study':
      coordinator.stopStudy(host, 'seen enough').catch(refused);
      site.interrupted = true;
      return;
    case 'drain':
      coordinator.drain('Ctrl-C');
      site.interrupted = true;
      return;
    case 'quit':
      coordinator.quit('Ctrl-C twice');
      site.interrupted = true;
      return;
    case 'worker-killed':
      return;
  }
}

function describe({ site, machines, clock }: World): string {
  const state = site?.host.state;
  return JSON.stringify({
    atMs: clock.monotonic(),
    next: site?.host.nextWork(),
    live: state && [...state.live].map((trial) => [trial, state.trials[trial]!.attempts.at(-1)]),
    counts: state?.counts,
    workers: state && [...state.workers.keys()],
    machines: machines.map(({ name, life, programs }) => [name, life.dead, programs?.running()]),
  });
}
