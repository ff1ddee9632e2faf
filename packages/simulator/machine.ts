import { randomStream, type RandomStream } from '@fleetune/core';
import { silentLogger } from '@fleetune/platform/node';
import type { CoordinatorLink } from '@fleetune/protocol';
import { createWorker, type Worker, type WorkerOptions } from '@fleetune/worker';
import { faultyLink } from './faults/faulty-link.ts';
import { newLife, processClock, type Life } from './faults/life.ts';
import type { NetworkFaults, Trouble } from './scenario.ts';
import { isRefusal, stackOf } from './refusal.ts';
import { simulatedPrograms, type Programs } from './workloads/simulated-programs.ts';
import {
  NOBODY,
  isOver,
  isTroubled,
  struck,
  whileTroubled,
  type Machine,
  type World,
} from './world.ts';

const CALM: NetworkFaults = { longestMs: 5, lost: 0, doubled: 0, stuck: 0, stuckMs: 0 };

export function startMachine(world: World, index: number): void {
  const random = randomStream(world.scenario.seed, index, 'machine');
  const machine = newMachine(world, `machine-${index}`);
  machine.bad = index < world.scenario.programs.badMachines;
  machine.boot = (): void => {
    if (isOver(world)) return;
    // Who told it to leave does not want it again; a successor does, even of one that was still leaving.
    if (machine.dismissedBy !== undefined && machine.dismissedBy === world.site) {
      return void again();
    }
    // An engine's handle stays the same from one process to the next.
    const { name } = machine;
    begin(world, machine, random, random.next() < 0.7 ? name : `${name}-${random.int(1e6)}`);
    machine.worker!.run().then(left, left);
  };
  const again = (): unknown => world.clock.after(100 + random.next() * 900, machine.boot);
  const left = (): void => {
    if (machine.life.dead) return;
    die(world, machine);
    again();
  };
  world.clock.after(random.next() * 300, machine.boot);
}

/** The engine starts one more process for the same allocation, once. */
export function startTwin(
  world: World,
  { worker, name }: Machine,
  kind: Trouble,
  random: RandomStream,
): void {
  if (worker === undefined || isOver(world)) return;
  const twin = newMachine(world, `${name}-twin-${world.machines.length}`);
  const over = (): void => {
    if (!twin.life.dead) die(world, twin);
  };
  struck(world, kind);
  begin(world, twin, random, worker.name);
  twin.worker!.run().then(over, over);
}

export function killWorker(world: World, machine: Machine, random: RandomStream): void {
  if (machine.life.dead) return;
  struck(world, 'worker-killed');
  die(world, machine);
  // Sometimes the engine sees it, and says so.
  if (random.next() < 0.5) world.site?.coordinator.dispatcher.lost(machine.worker!.name);
  world.clock.after(100 + random.next() * (random.next() < 0.5 ? 500 : 20_000), machine.boot);
}

/** The engine wants the machine back: it says so, and ends what is there a while later. */
export function preempt(world: World, machine: Machine, random: RandomStream): void {
  const { life, worker } = machine;
  if (life.dead || life.frozenUntilMs > world.clock.monotonic()) return;
  struck(world, 'worker-preempted');
  if (random.next() < 0.7) worker!.drain('SIGTERM');
  else worker!.quit('SIGTERM twice');
  endAfter(world, machine, life, random.next() * 4_000);
}

/** Whatever it does then. */
function endAfter(world: World, machine: Machine, life: Life, ms: number): void {
  world.clock.after(ms, () => {
    if (life.dead) return;
    struck(world, 'allocation-over');
    die(world, machine);
    world.clock.after(500, machine.boot);
  });
}

/** The engine starts nothing in its place as long as the trouble lasts. */
export function killForLong(world: World, machine: Machine): void {
  if (machine.life.dead) return;
  struck(world, 'worker-never');
  die(world, machine);
  world.clock.after(whileTroubled(world, Infinity) - world.clock.monotonic() + 100, machine.boot);
}

function newMachine(world: World, name: string): Machine {
  const machine: Machine = {
    name,
    life: { ...newLife(), dead: true },
    cable: { outCutUntilMs: 0, backCutUntilMs: 0 },
    worker: undefined,
    programs: undefined,
    bornMs: 0,
    slotUs: 0,
    bad: false,
    limited: false,
    dismissedBy: undefined,
    boot: () => undefined,
  };
  world.machines.push(machine);
  return machine;
}

function begin(world: World, machine: Machine, random: RandomStream, name: string): void {
  const life = newLife();
  const bornMs = world.clock.monotonic();
  Object.assign(
    machine,
    { life, bornMs, dismissedBy: undefined },
    bornWorker(world, machine, life, random, name),
  );
}

function die({ clock, scenario }: World, machine: Machine): void {
  machine.life.dead = true;
  machine.slotUs += (clock.monotonic() - machine.bornMs) * 1000 * scenario.slots;
}

function bornWorker(
  world: World,
  machine: Machine,
  life: Life,
  random: RandomStream,
  name: string,
): { worker: Worker; programs: Programs } {
  const { scenario, watch } = world;
  const clock = processClock(world.clock, life);
  const programs = simulatedPrograms(world, machine, name, clock);
  const worker = createWorker({
    ...walltimeOf(world, machine, life, random),
    link: faultyLink({
      life,
      clock: world.clock,
      random,
      cable: machine.cable,
      faults: () => (isTroubled(world) ? scenario.network : CALM),
      listener: () => listener(world, machine),
      onAnswered: watch.answered,
      onMessage: (message) => watch.message(name, message),
      onStrike: (strike) => struck(world, strike),
    }),
    slots: scenario.slots,
    host: machine.name,
    pid: 1,
    name,
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

/** Programs may be longer than any allocation: in peace it has no end. */
function walltimeOf(
  world: World,
  machine: Machine,
  life: Life,
  random: RandomStream,
): Pick<WorkerOptions, 'walltime'> {
  const { walltimeMs } = world.scenario;
  machine.limited = walltimeMs > 0 && isTroubled(world);
  if (!machine.limited) return {};
  const leftMs = walltimeMs * (0.5 + random.next());
  endAfter(world, machine, life, leftMs);
  return { walltime: { leftMs, graceMs: 1_000 } };
}

function listener(world: World, machine: Machine) {
  const { site, scenario, watch } = world;
  if (site === undefined) return undefined;
  const { api, life, gone } = site;
  /** It may be refused; what fails otherwise is a bug of ours, which a worker takes for a short trouble. */
  const heard = async <A>(request: () => Promise<A>): Promise<A> => {
    try {
      return await request();
    } catch (error) {
      if (!life.dead && !isRefusal(error)) watch.broken('nothing-breaks', stackOf(error));
      throw error;
    }
  };
  const link: CoordinatorLink = {
    register: (request) => heard(async () => api.registerWorker(request, NOBODY)),
    async exchange(request) {
      const answer = await heard(async () => api.exchange(request, NOBODY));
      const leave = answer.commands.some(
        ({ command }) => command === 'drain' || command === 'quit',
      );
      // One that serves goes on for others: only a person's worker left.
      if (leave && !scenario.serve) machine.dismissedBy = site;
      return answer;
    },
  };
  return { link, life, gone: gone.promise };
}
