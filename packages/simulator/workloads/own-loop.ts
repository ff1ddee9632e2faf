// Programs with a loop of their own: they ask for params, report on the way and tell the result, over the same
// handlers as everybody. They know the coordinator by its address, and try again when it is away.

import { FleetuneError, errorInfo, randomStream, type RandomStream } from '@fleetune/core';
import { pause } from '../faults/life.ts';
import type { SimulatedStudy } from '../scenario.ts';
import { NOBODY, isTroubled, struck, type World } from '../world.ts';

/** Without a word for so long its trial goes back to the queue. */
const LEASE_MS = 20_000;
const AGAIN_MS = 1_000;

type Told = Parameters<NonNullable<World['site']>['api']['tell']>[0];

export function startAskers(world: World, study: SimulatedStudy): void {
  for (let i = 0; i < (study.askers ?? 0); i++) {
    const random = randomStream(study.seed, i, 'asker');
    void loop(world, study.name, random);
  }
}

async function loop(world: World, name: string, random: RandomStream): Promise<void> {
  while (!world.ends.has(name)) {
    try {
      await oneTrial(world, name, random);
    } catch (error) {
      // Refused, or cut off; anything else is a bug of ours.
      if (!(error instanceof FleetuneError)) {
        return world.watch.broken('nothing-breaks', String((error as Error).stack));
      }
    }
    await pause(world.clock, AGAIN_MS * (0.5 + random.next()));
  }
}

async function oneTrial(world: World, name: string, random: RandomStream): Promise<void> {
  const { clock } = world;
  const { trial, attempt, params, fidelityTarget } = await call(world, random, (api) =>
    api.ask({ name, leaseMs: LEASE_MS, waitMs: 5_000 }, NOBODY),
  );
  if (trial === undefined || attempt === undefined || params === undefined) return;
  const begun = { study: name, trial, attempt, slot: 0, params, fidelityTarget };
  world.watch.begun(begun, `ask/${trial}.${attempt}`);
  const rows = random.int(6);
  for (let row = 0; row < rows; row++) {
    await pause(clock, 50 + random.next() * 500);
    // Now and then one is killed, and says nothing more.
    if (isTroubled(world) && random.next() < 0.03) return struck(world, 'asker-vanished');
    const report = { name, trial, attempt, metrics: measured(random) };
    // And one is suspended for longer than its lease.
    if (isTroubled(world) && random.next() < 0.02) {
      struck(world, 'asker-suspended');
      await pause(clock, LEASE_MS * (0.9 + random.next()));
    }
    const { stop } = await call(world, random, (api) => api.report(report, NOBODY));
    if (stop) break;
  }
  const result = { name, trial, attempt, metrics: measured(random) };
  const told = random.next() < 0.1 ? { ...result, end: 'crashed' as const } : result;
  await tell(world, random, told);
  world.watch.told(name, trial, attempt);
}

/** Again while nobody answers: the first time may have been heard. Then the same is said, and must be taken for that. */
async function tell(world: World, random: RandomStream, told: Told): Promise<void> {
  for (let again = false; ; again = true) {
    try {
      await call(world, random, (api) => api.tell(told, NOBODY));
      return;
    } catch (error) {
      const code = error instanceof FleetuneError ? error.code : undefined;
      const { name, trial, attempt } = told;
      if (code === 'attempt.told' && again) {
        world.watch.broken('acknowledged-is-durable', `${name}/${trial}.${attempt} was told twice`);
      }
      if (code !== AWAY.code) throw error;
      struck(world, 'told-again');
    }
    await pause(world.clock, AGAIN_MS * (0.5 + random.next()));
  }
}

/** Whatever the study asks for, and more. */
function measured(random: RandomStream): Record<string, number> {
  return { loss: random.next(), size: random.next() };
}

/** The way there and back takes its time, and the coordinator may die in between. */
async function call<A>(
  world: World,
  random: RandomStream,
  request: (api: NonNullable<World['site']>['api']) => A | Promise<A>,
): Promise<A> {
  const { clock } = world;
  await pause(clock, random.next() * 20);
  const { site } = world;
  if (site === undefined) throw new FleetuneError(AWAY);
  const reset = site.gone.promise.then(() => Promise.reject(new FleetuneError(AWAY)));
  const answer = await Promise.race([reset, request(site.api)]);
  await pause(clock, random.next() * 20);
  return answer;
}

const AWAY = errorInfo('coordinator.unreachable', '', { problem: 'connection reset' });
