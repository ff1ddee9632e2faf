import { memoryStore } from '@fleetune/coordinator/store';
import { manualClock, settled } from '@fleetune/platform/manual';
import { createAcknowledged } from './checkers/acknowledged.ts';
import { checkAllocation } from './checkers/allocation.ts';
import { createIdleWatch } from './checkers/idle-slots.ts';
import { checkLog } from './checkers/log.ts';
import { checkSlotsLimit } from './checkers/slots-limit.ts';
import { checkTimeBudget } from './checkers/time-budget.ts';
import { startMachine } from './machine.ts';
import type { Scenario } from './scenario.ts';
import { openSite } from './site.ts';
import { makeTrouble } from './trouble.ts';
import { isOver, type World } from './world.ts';

/** Once the trouble is over, the rest of the studies takes at most so long. */
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
    sites: 0,
    awayMs: 0,
    ends: new Map(),
    broken: [],
  };
  const idle = createIdleWatch(world);
  openSite(world);
  for (let i = 0; i < scenario.workers; i++) startMachine(world, i);
  makeTrouble(world);
  const giveUpMs = scenario.troubleMs + PATIENCE_MS;
  await settled();
  while (!isOver(world) && world.broken.length === 0) {
    const next = world.clock.untilNext();
    if (next === undefined || world.clock.monotonic() > giveUpMs) {
      world.broken.push(`hangs: ${describe(world)}`);
      break;
    }
    world.clock.advance(next);
    await settled();
    idle.look();
    world.broken.push(...checkTimeBudget(world), ...checkSlotsLimit(world));
  }
  if (world.broken.length > 0) return world.broken;
  const logs = scenario.studies.flatMap(({ spec }) => checkLog(world, spec));
  return [...logs, ...checkAllocation(world)];
}

function describe({ site, machines, clock, ends }: World): string {
  return JSON.stringify({
    atMs: clock.monotonic(),
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
