// Suggestions ahead of demand: follows the study, keeps a queue of suggestions that a thinker makes in a thread of its
// own, and gives from it without waiting. Nothing here takes time; docs/internals/advisor.md has the rules.

import type { AdvisorStatus, Change, Effort, Exhausted, Suggestion } from '@fleetune/core';
import type { AdvisorOptions } from './advisor.ts';
import { mark } from '@fleetune/platform';
import { countMade, longest, meanCost, meanSoFar, newCosts } from './costs.ts';
import { askRate, isSequential, mostWithin, type Demand } from './demand.ts';
import { createFallback } from './fallback.ts';
import { climb, newLadder } from './ladder.ts';
import { QUEUE_MAX, evict, freshBelow, freshIn, takeFreshest } from './ready-queue.ts';
import type { Ready } from './ready-queue.ts';
import { causeOf, reasonOf, type Situation } from './situation.ts';
import { createThinkerLink } from './thinker-link.ts';
import { ghost, noGhost, type Made, type Thinkers } from './thinker-port.ts';

export interface Ahead {
  observe(change: Change): void;
  suggest(trial: number): Suggestion | Exhausted | 'pending';
  /** It has more to give than the fallback. */
  ready(): boolean;
  status(): Pick<AdvisorStatus, 'mode' | 'step' | 'reason' | 'queue' | 'modelLag'>;
  close(): void;
}

export interface AheadOptions extends AdvisorOptions {
  thinkers: Thinkers;
  demand: Demand;
  /** Why suggestions are made in a thread. */
  why: string;
}

/** One is being made and one waits: more could not be taken back when plans change. */
const MAKING_MAX = 2;

/** Results that come within so long are learned before more is ordered. */
const TOGETHER_MS = 1;

const REDUCED = 'With fewer candidates, since many suggestions are asked for.';

/** A suggestion that is made when it is asked for. */
interface Awaited {
  id: number;
  trial: number;
  /** How much had been observed then. */
  observed: number;
  answer?: Suggestion | Exhausted;
}

export function createAhead(options: AheadOptions): Ahead {
  const { spec, clock, demand } = options;
  const fallback = createFallback(options.space, spec.seed, options.history);
  const ladder = newLadder();
  const costs = newCosts();
  const queue: Ready[] = [];
  /** What is being made for the queue. */
  const making = new Map<number, { version: number; effort: Effort }>();
  let observed = 0;
  /** How many trials have ended. */
  let version = 0;
  let lastId = 0;
  /** The trial that the latest suggestion was asked or made for. */
  let lastTrial = 0;
  let began = false;
  let awaited: Awaited | undefined;
  let exhausted: Exhausted | undefined;
  let cancelPlan: (() => void) | undefined;

  const link = createThinkerLink({ ...options, history: known, onOpen, onMade, onDeath });
  /** Nobody waits for the dead, except where nothing else would be the same again. */
  const waits = (): boolean =>
    spec.reproducible || (isSequential(demand) && link.death() === undefined);
  const effort = (): Effort => (ladder.step === 'reduced' ? 'reduced' : 'full');

  function* known(): Iterable<Change> {
    yield* options.history();
    for (const { id, suggestion } of queue) yield ghost(id, suggestion.params);
  }

  function onOpen(): void {
    plan();
    // Somebody may have been waiting for the one that died.
    options.onReady();
  }

  function onDeath(): void {
    making.clear();
    if (awaited?.answer !== undefined) return;
    awaited = undefined;
    options.onReady();
  }

  function loadOf(at: Effort): number | undefined {
    const tookMs = meanCost(costs, at);
    return tookMs === undefined ? undefined : tookMs * askRate(demand, clock.monotonic());
  }

  /** How many suggestions should be ready, and how many of them fresh. */
  function wanted(): { size: number; fresh: number } {
    const tookMs = meanSoFar(costs, effort());
    const expected = tookMs * askRate(demand, clock.monotonic());
    const size = Math.min(QUEUE_MAX, 1 + mostWithin(demand, longest(costs, effort())));
    return { size, fresh: Math.min(size, 1 + Math.ceil(expected)) };
  }

  /** Orders what is missing. */
  function plan(): void {
    const { size, fresh } = wanted();
    dropUseless(size);
    if (!link.open() || waits() || ladder.step === 'random' || exhausted !== undefined) return;
    const limit = freshBelow(demand.parallelism);
    const isFresh = (order: { version: number }): boolean => version - order.version < limit;
    while (making.size < MAKING_MAX) {
      const freshSoon = freshIn(queue, version, demand.parallelism) + count(making, isFresh);
      if (queue.length + making.size >= size && freshSoon >= fresh) return;
      lastTrial += 1;
      lastId += 1;
      making.set(lastId, { version, effort: effort() });
      link.make({ id: lastId, trial: lastTrial, effort: effort(), ahead: true });
    }
  }

  /** Results often come together, and what is ordered after the last of them knows them all. */
  function planSoon(): void {
    cancelPlan ??= clock.after(TOGETHER_MS, () => {
      cancelPlan = undefined;
      plan();
    });
  }

  function onMade({ id, answer, tookMs }: Made): void {
    const order = making.get(id);
    making.delete(id);
    if (awaited?.id === id) {
      awaited.answer = answer;
      countMade(costs, 'full', tookMs);
      // Outdated or not: whoever asks again sees to that.
      options.onReady();
    }
    if (order === undefined) return;
    countMade(costs, order.effort, tookMs);
    if (climb(ladder, loadOf, clock.monotonic())) costs[effort()] = [];
    if ('exhausted' in answer) {
      exhausted = answer;
    } else {
      began = true;
      fallback.reserve(id, answer);
      const suggestion = order.effort === 'full' ? answer : noted(answer, REDUCED);
      queue.push({ id, suggestion, version: order.version });
    }
    plan();
  }

  function dropUseless(size: number): void {
    const { parallelism } = demand;
    for (const { id } of evict(queue, { version, parallelism, size })) drop(id);
  }

  function drop(id: number): void {
    link.learn(noGhost(id));
    fallback.release(id);
  }

  function onDemand(trial: number): Suggestion | Exhausted | 'pending' {
    for (const { id } of queue.splice(0)) drop(id);
    // What is being made as well: this is told before anything is ordered now.
    for (const id of making.keys()) drop(id);
    making.clear();
    mark('advisor-waits');
    if (awaited?.trial === trial && awaited.observed === observed) {
      const { answer = 'pending' } = awaited;
      if (answer !== 'pending') awaited = undefined;
      return answer;
    }
    if (awaited?.answer !== undefined) mark('advisor-outdated');
    awaited = undefined;
    if (link.open()) {
      lastId += 1;
      awaited = { id: lastId, trial, observed };
      link.make({ id: lastId, trial, effort: 'full', ahead: false });
    }
    return 'pending';
  }

  function situation(): Situation {
    return {
      death: link.death(),
      began,
      waits: waits(),
      step: ladder.step,
      why: options.why,
      tookMs: meanSoFar(costs, effort()),
      perSecond: 1000 * askRate(demand, clock.monotonic()),
    };
  }

  return {
    observe(change) {
      observed += 1;
      fallback.observe(change);
      link.learn(change);
      if (change.outcome.state === 'pending') return plan();
      version += 1;
      exhausted = undefined;
      planSoon();
    },
    suggest(trial) {
      if (waits()) return onDemand(trial);
      lastTrial = Math.max(lastTrial, trial);
      if (climb(ladder, loadOf, clock.monotonic())) costs[effort()] = [];
      dropUseless(QUEUE_MAX);
      const ready = takeFreshest(queue);
      // What is missing is ordered when the trial has been created, and is known to be pending.
      if (ready === undefined) {
        return exhausted ?? fallback.suggest(trial, spec.sampler.type, causeOf(situation()));
      }
      drop(ready.id);
      const age = version - ready.version;
      const isFresh = age < freshBelow(demand.parallelism);
      return isFresh ? ready.suggestion : noted(ready.suggestion, `Made ${age} results ago.`);
    },
    ready: () => queue.length > 0 || began || waits(),
    status() {
      const newest = queue.reduce((most, ready) => Math.max(most, ready.version), 0);
      return {
        mode: 'thread',
        step: ladder.step,
        reason: reasonOf(situation()),
        queue: { ready: queue.length, wanted: waits() ? 0 : wanted().size },
        modelLag: queue.length === 0 ? 0 : version - newest,
      };
    },
    close() {
      cancelPlan?.();
      link.close();
    },
  };
}

function noted({ reason, ...rest }: Suggestion, note: string): Suggestion {
  return { ...rest, reason: { ...reason, text: `${reason.text} ${note}` } };
}

function count<T>(orders: Map<number, T>, isWanted: (order: T) => boolean): number {
  return [...orders.values()].filter(isWanted).length;
}
