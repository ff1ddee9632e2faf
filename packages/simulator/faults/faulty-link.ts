import type { RandomStream } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import type { CoordinatorLink, ExchangeRequest, ExchangeResponse } from '@fleetune/protocol';
import type { NetworkFaults } from '../scenario.ts';
import type { Life } from './mortal.ts';

export interface Network {
  /** Of the worker at this end: the dead send and hear nothing. */
  life: Life;
  clock: Clock;
  random: RandomStream;
  /** Now: none of it lasts for ever. */
  faults(): NetworkFaults;
  /** Who listens now, and until when; undefined while nobody does. */
  listener(): { link: CoordinatorLink; gone: Promise<void> } | undefined;
  /** The answer has reached its worker: from now on its facts must not be lost. */
  onAnswered(request: ExchangeRequest, response: ExchangeResponse): void;
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
  const { random, faults } = network;
  const aborted = rejection(signal);
  if (network.life.dead) return forever();
  const send = async (): Promise<A> => {
    await travel(network);
    const listener = network.listener();
    if (listener === undefined) throw new Error('connection refused');
    const { link, gone } = listener;
    // One that dies says nothing more, and its machine closes its connections.
    const reset = gone.then(() => Promise.reject(new Error('connection reset')));
    return structuredClone(await Promise.race([reset, call(link, structuredClone(request))]));
  };
  if (random.next() < faults().doubled) void send().catch(() => undefined);
  const answer = await Promise.race([aborted, send().finally(() => travel(network))]);
  return network.life.dead ? forever() : answer;
}

async function travel({ clock, random, faults }: Network): Promise<void> {
  const { longestMs, lost, stuck, stuckMs } = faults();
  const stays = random.next() < stuck ? stuckMs : longestMs;
  const isLost = random.next() < lost;
  if (isLost && random.next() < 0.5) await forever();
  await pause(clock, random.next() * stays);
  if (isLost) throw new Error('connection reset');
}

function rejection(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  return promise;
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}
