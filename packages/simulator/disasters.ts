// What happens to machines, cables and processes while the trouble lasts.

import { randomStream, type RandomStream } from '@fleetune/core';
import { killForLong, killWorker, preempt, startTwin } from './machine.ts';
import { command } from './people.ts';
import type { Trouble } from './scenario.ts';
import { killSite, restartSite } from './site.ts';
import { isTroubled, struck, whileTroubled, type Machine, type World } from './world.ts';

const TICK_MS = 250;

export function makeTrouble(world: World): void {
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
  const machine = machines[random.int(machines.length)]!;
  switch (kind) {
    case 'worker-killed':
      return killWorker(world, machine, random);
    case 'worker-never':
      return killForLong(world, machine);
    case 'worker-frozen':
      return freeze(world, machine, kind, 30_000 * random.next());
    case 'worker-twice':
      return startTwin(world, machine, kind, random);
    case 'zombie-twin':
      // Frozen beyond its lease; the engine takes it for dead and starts another one.
      freeze(world, machine, 'worker-frozen', 10_000 + 30_000 * random.next());
      return startTwin(world, machine, kind, random);
    case 'worker-preempted':
      return preempt(world, machine, random);
    case 'worker-clock':
      machine.life.wallMs += (random.next() - 0.5) * 1e7;
      return struck(world, kind);
    case 'partition':
      cut(machine, whileTroubled(world, 20_000 * random.next()), random);
      return struck(world, kind);
    case 'swizzle':
      swizzle(world, random);
      return struck(world, kind);
    default:
      if (site !== undefined) strikeSite(world, kind, random);
  }
}

function strikeSite(world: World, kind: Trouble, random: RandomStream): void {
  const site = world.site!;
  switch (kind) {
    case 'coordinator-killed':
      struck(world, kind);
      return killSite(world, site, 100 + random.next() * 8_000);
    case 'coordinator-restarted':
      struck(world, kind);
      return restartSite(world, site, 100 + random.next() * 4_000);
    case 'coordinator-frozen':
      site.life.frozenUntilMs = whileTroubled(world, 30_000 * random.next());
      return struck(world, kind);
    case 'coordinator-clock':
      site.life.wallMs += (random.next() - 0.5) * 20_000;
      return struck(world, kind);
    default:
      command(world, site, kind, random);
  }
}

function freeze(world: World, { life }: Machine, kind: Trouble, ms: number): void {
  if (life.dead) return;
  struck(world, kind);
  life.frozenUntilMs = Math.max(life.frozenUntilMs, whileTroubled(world, ms));
}

/** One way, the other, or both. */
function cut({ cable }: Machine, untilMs: number, random: RandomStream): void {
  const ways = random.int(3);
  if (ways !== 0) cable.outCutUntilMs = untilMs;
  if (ways !== 1) cable.backCutUntilMs = untilMs;
}

/** Cables are cut one after the other, and healed in another order. */
function swizzle(world: World, random: RandomStream): void {
  const { machines, clock } = world;
  for (const machine of machines) {
    const healMs = whileTroubled(world, 10_000 + 10_000 * random.next());
    clock.after(random.next() * 300 * machines.length, () => cut(machine, healMs, random));
  }
}
