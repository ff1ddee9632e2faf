import type { RandomStream } from '@fleetune/core';
import type { ManualClock } from '@fleetune/platform/manual';
import type { CoordinatorLink, ExchangeRequest, ExchangeResponse } from '@fleetune/protocol';
import type { NetworkFaults } from '../scenario.ts';
import { awake, forever, pause, type Life } from './life.ts';
import type { Strike } from './strikes.ts';

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
  onMessage(message: unknown): void;
  onStrike(strike: Strike): void;
}

/** So many messages have left, and the latest of them that has arrived. */
interface Order {
  sent: number;
  arrived: number;
}

/** Until when (world's clock) nothing gets through, each way by itself. */
export interface Cable {
  outCutUntilMs: number;
  backCutUntilMs: number;
}

/** The way from one worker to whoever coordinates: slow, and not to be relied upon. */
export function faultyLink(network: Network): CoordinatorLink {
  const order: Order = { sent: 0, arrived: 0 };
  return {
    register: (request) => carry(network, order, request, (link, copy) => link.register(copy)),
    async exchange(request, call) {
      const carried = (link: CoordinatorLink, copy: ExchangeRequest) => link.exchange(copy);
      const response = await carry(network, order, request, carried, call?.signal);
      network.onAnswered(request, response);
      return response;
    },
  };
}

async function carry<Q, A>(
  network: Network,
  order: Order,
  request: Q,
  call: (link: CoordinatorLink, copy: Q) => Promise<A>,
  signal?: AbortSignal,
): Promise<A> {
  const { random, faults, clock, life, cable, onStrike } = network;
  const aborted = rejection(signal);
  if (life.dead) return forever();
  const send = async (): Promise<A> => {
    network.onMessage(request);
    order.sent += 1;
    const number = order.sent;
    await travel(network, 'cable-cut-out', () => cable.outCutUntilMs);
    if (number < order.arrived) onStrike('message-overtaken');
    order.arrived = Math.max(order.arrived, number);
    const listener = network.listener();
    if (listener === undefined) throw new Error('connection refused');
    await awake(clock, listener.life);
    // One that dies says nothing more, and its machine closes its connections.
    const reset = listener.gone.then(() => Promise.reject(new Error('connection reset')));
    const answered = call(listener.link, structuredClone(request));
    return structuredClone(await Promise.race([reset, answered]));
  };
  const back = (): Promise<void> => travel(network, 'cable-cut-back', () => cable.backCutUntilMs);
  if (random.next() < faults().doubled) {
    onStrike('message-doubled');
    void send().catch(() => undefined);
  }
  const answer = await Promise.race([aborted, send().finally(back)]);
  await awake(clock, life);
  network.onMessage(answer);
  return answer;
}

async function travel(
  { clock, random, faults, onStrike }: Network,
  cut: 'cable-cut-out' | 'cable-cut-back',
  cutUntilMs: () => number,
): Promise<void> {
  const { longestMs, lost, stuck, stuckMs } = faults();
  const isStuck = random.next() < stuck;
  const isLost = random.next() < lost;
  if (isLost) onStrike('message-lost');
  else if (isStuck) onStrike('message-stuck');
  if (isLost && random.next() < 0.5) await forever();
  await pause(clock, random.next() * (isStuck ? stuckMs : longestMs));
  if (isLost) throw new Error('connection reset');
  if (clock.monotonic() >= cutUntilMs()) return;
  onStrike(cut);
  await forever();
}

function rejection(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  return promise;
}
