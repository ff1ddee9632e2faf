import type { RandomStream } from '@fleetune/core';
import type { ManualClock } from '@fleetune/platform/manual';
import type { CoordinatorLink, ExchangeRequest, ExchangeResponse } from '@fleetune/protocol';
import type { NetworkFaults } from '../scenario.ts';
import { awake, forever, pause, type Life } from './life.ts';

export interface Network {
  /** Of the worker at this end: the dead send and hear nothing. */
  life: Life;
  clock: ManualClock;
  random: RandomStream;
  /** Now: none of it lasts for ever. */
  faults(): NetworkFaults;
  /** The cable at this end. */
  cable: Cable;
  /** Who listens now, and until when; undefined while nobody does. */
  listener(): { link: CoordinatorLink; life: Life; gone: Promise<void> } | undefined;
  /** The answer has reached its worker: from now on its facts must not be lost. */
  onAnswered(request: ExchangeRequest, response: ExchangeResponse): void;
}

/** Until when (world's clock) nothing gets through, each way by itself. */
export interface Cable {
  outCutUntilMs: number;
  backCutUntilMs: number;
}

/** The way from one worker to whoever coordinates: slow, and not to be relied upon. */
export function faultyLink(network: Network): CoordinatorLink {
  return {
    register: (request) => carry(network, request, (link, copy) => link.register(copy)),
    async exchange(request, signal) {
      const call = (link: CoordinatorLink, copy: ExchangeRequest) => link.exchange(copy);
      const response = await carry(network, request, call, signal);
      network.onAnswered(request, response);
      return response;
    },
  };
}

async function carry<Q, A>(
  network: Network,
  request: Q,
  call: (link: CoordinatorLink, copy: Q) => Promise<A>,
  signal?: AbortSignal,
): Promise<A> {
  const { random, faults, clock, life, cable } = network;
  const aborted = rejection(signal);
  if (life.dead) return forever();
  const send = async (): Promise<A> => {
    await travel(network, () => cable.outCutUntilMs);
    const listener = network.listener();
    if (listener === undefined) throw new Error('connection refused');
    await awake(clock, listener.life);
    // One that dies says nothing more, and its machine closes its connections.
    const reset = listener.gone.then(() => Promise.reject(new Error('connection reset')));
    const answered = call(listener.link, structuredClone(request));
    return structuredClone(await Promise.race([reset, answered]));
  };
  const back = (): Promise<void> => travel(network, () => cable.backCutUntilMs);
  if (random.next() < faults().doubled) void send().catch(() => undefined);
  const answer = await Promise.race([aborted, send().finally(back)]);
  await awake(clock, life);
  return answer;
}

async function travel({ clock, random, faults }: Network, cutUntilMs: () => number): Promise<void> {
  const { longestMs, lost, stuck, stuckMs } = faults();
  const stays = random.next() < stuck ? stuckMs : longestMs;
  const isLost = random.next() < lost;
  if (isLost && random.next() < 0.5) await forever();
  await pause(clock, random.next() * stays);
  if (isLost) throw new Error('connection reset');
  if (clock.monotonic() < cutUntilMs()) await forever();
}

function rejection(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  return promise;
}
