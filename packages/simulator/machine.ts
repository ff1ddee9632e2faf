import { randomStream, type RandomStream } from '@fleetune/core';
import { silentLogger } from '@fleetune/platform/node';
import { createWorker, type Worker } from '@fleetune/worker';
import { faultyLink } from './faults/faulty-link.ts';
import { mortalClock, type Life } from './faults/mortal.ts';
import type { NetworkFaults } from './scenario.ts';
import { simulatedPrograms, type Programs } from './workloads/simulated-programs.ts';
import { isOver, isTroubled, type Machine, type World } from './world.ts';

const CALM: NetworkFaults = { longestMs: 5, lost: 0, doubled: 0, stuck: 0, stuckMs: 0 };

export function startMachine(world: World, index: number): void {
  const random = randomStream(world.scenario.seed, index, 'machine');
  const machine: Machine = {
    name: `machine-${index}`,
    life: { dead: true },
    worker: undefined,
    programs: undefined,
    bornMs: 0,
    slotUs: 0,
    boot() {
      if (isOver(world)) return;
      const life: Life = { dead: false };
      const bornMs = world.clock.monotonic();
      Object.assign(machine, { life, bornMs }, bornWorker(world, machine.name, life, random));
      const left = (): void => {
        if (life.dead) return;
        die(world, machine);
        world.clock.after(100 + random.next() * 900, machine.boot);
      };
      machine.worker!.run().then(left, left);
    },
  };
  world.machines.push(machine);
  world.clock.after(random.next() * 300, machine.boot);
}

export function killWorker(world: World, machine: Machine, random: RandomStream): void {
  if (machine.life.dead) return;
  die(world, machine);
  // Sometimes the engine sees it, and says so.
  if (random.next() < 0.5) world.site?.coordinator.dispatcher.lost(machine.worker!.name);
  world.clock.after(100 + random.next() * (random.next() < 0.5 ? 500 : 20_000), machine.boot);
}

function die({ clock, scenario }: World, machine: Machine): void {
  machine.life.dead = true;
  machine.slotUs += (clock.monotonic() - machine.bornMs) * 1000 * scenario.slots;
}

function bornWorker(
  world: World,
  machine: string,
  life: Life,
  random: RandomStream,
): { worker: Worker; programs: Programs } {
  const { scenario, executions, acknowledged } = world;
  const clock = mortalClock(world.clock, life);
  const broken = (what: string): unknown => world.broken.push(what);
  const programs = simulatedPrograms(scenario.seed, clock, executions, broken);
  const worker = createWorker({
    link: faultyLink({
      life,
      clock: world.clock,
      random,
      faults: () => (isTroubled(world) ? scenario.network : CALM),
      listener: () =>
        world.site && { link: world.site.coordinator.dispatcher, gone: world.site.gone.promise },
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
