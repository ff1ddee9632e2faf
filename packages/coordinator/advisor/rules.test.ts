// The advisor's rules, each for itself.

import type { Suggestion } from '@fleetune/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askRate, countAsk, isSequential, mostWithin, newDemand } from './demand.ts';
import { countCost, newInlineCost } from './inline-cost.ts';
import { climb, newLadder } from './ladder.ts';
import { evict, freshIn, takeFreshest, type Ready } from './ready-queue.ts';

const suggestion: Suggestion = { params: {}, sampler: 's', reason: { code: 'c', text: 't' } };

describe('the demand', () => {
  it('is the rate of the asks, from the first second on', () => {
    for (const perSecond of [1, 8, 200]) {
      const demand = newDemand();
      for (let i = 0; i < 20 * perSecond; i++) countAsk(demand, (1000 * i) / perSecond, 0);
      expect(1000 * askRate(demand, 20_000)).toBeCloseTo(perSecond, -Math.log10(perSecond / 4));
    }
  });

  it('fades when nobody asks', () => {
    const demand = newDemand();
    for (let i = 0; i < 100; i++) countAsk(demand, 10 * i, 0);
    expect(askRate(demand, 61_000)).toBeLessThan(askRate(demand, 1_000) / 50);
  });

  it('knows the most asks that came close together', () => {
    const demand = newDemand();
    for (const atMs of [0, 100, 101, 102, 200, 300]) countAsk(demand, atMs, 0);
    expect([0, 2, 100, 1e9].map((ms) => mostWithin(demand, ms))).toEqual([1, 3, 4, 6]);
  });

  it('is sequential only where no two trials run at once', () => {
    const demand = newDemand();
    countAsk(demand, 0, 0);
    expect(isSequential(demand)).toBe(true);
    countAsk(demand, 1, 7);
    // All of a round have ended at once.
    countAsk(demand, 2, 0);
    expect(isSequential(demand)).toBe(false);
  });
});

describe('the cost of suggestions made inline', () => {
  it('is too high after one that takes long, or many that take a little too long', () => {
    const cost = newInlineCost(0);
    expect(countCost(cost, 300, 300)).toBe('a suggestion takes 300 ms');
    const many = newInlineCost(0);
    const asks = Array.from({ length: 200 }, (_, i) => countCost(many, 2, 100 * i));
    expect(asks.findIndex((why) => why !== undefined)).toBe(99);
  });

  it('is not when the first ones take longer than the rest', () => {
    const cost = newInlineCost(0);
    const tookMs = [19, 5, 4, 4, 2, 2, ...Array<number>(1000).fill(0.5)];
    expect(tookMs.map((ms, i) => countCost(cost, ms, 10 * i)).filter(Boolean)).toEqual([]);
  });

  it('is too high when all of them together take a third of the time', () => {
    const cost = newInlineCost(0);
    const asks = Array.from({ length: 2000 }, (_, i) => countCost(cost, 0.4, i));
    expect(asks.find((why) => why !== undefined)).toBe(
      "suggestions take 40 % of the coordinator's time",
    );
  });
});

describe('the ladder', () => {
  const at = (full: number, reduced: number) => (effort: 'full' | 'reduced') =>
    effort === 'full' ? full : reduced;

  it('goes down a step at a load of 0.7, and stays while nothing has been measured there', () => {
    const ladder = newLadder();
    climb(ladder, at(0.69, 0), 0);
    expect(ladder.step).toBe('full');
    climb(ladder, at(0.7, 0.5), 0);
    expect(ladder.step).toBe('reduced');
    climb(ladder, (effort) => (effort === 'full' ? 2 : undefined), 0);
    expect(ladder.step).toBe('reduced');
  });

  it('goes up only after 30 s of calm without a break', () => {
    const ladder = newLadder();
    climb(ladder, at(1, 0.5), 0);
    climb(ladder, at(0.2, 0.1), 1_000);
    climb(ladder, at(0.31, 0.1), 20_000);
    climb(ladder, at(0.2, 0.1), 21_000);
    climb(ladder, at(0.2, 0.1), 50_999);
    expect(ladder.step).toBe('reduced');
    expect(climb(ladder, at(0.2, 0.1), 51_000)).toBe(true);
    expect(ladder.step).toBe('full');
  });

  it('tries the step above again after two minutes, whatever was measured there', () => {
    const ladder = newLadder();
    climb(ladder, at(1, 0.1), 1_000);
    expect(climb(ladder, at(1, 0.1), 120_999)).toBe(false);
    expect(climb(ladder, at(1, 0.1), 121_000)).toBe(true);
    expect(ladder.step).toBe('full');
    climb(ladder, at(1, 0.1), 122_000);
    expect(climb(ladder, at(1, 0.1), 241_999)).toBe(false);
  });
});

describe('the queue', () => {
  const versions = fc.array(fc.nat(40), { maxLength: 80 });
  const queueOf = (all: number[]): Ready[] =>
    all.map((version, id) => ({ id, suggestion, version }));

  it('gives the freshest, and of equally fresh ones the oldest', () => {
    const queue = queueOf([3, 5, 5, 1]);
    expect([1, 2, 3, 4, 5].map(() => takeFreshest(queue)?.id)).toEqual([1, 2, 0, 3, undefined]);
  });

  it('keeps the freshest of those that are of use', () => {
    fc.assert(
      fc.property(versions, fc.nat(40), fc.nat(20), fc.nat(64), (all, extra, parallelism, size) => {
        const version = Math.max(0, ...all) + extra;
        const queue = queueOf(all);
        const evicted = evict(queue, { version, parallelism, size });
        const ids = [...evicted, ...queue].map(({ id }) => id).sort((a, b) => a - b);
        expect(ids).toEqual(all.map((_, id) => id));
        expect(queue.length).toBeLessThanOrEqual(size);
        const useless = Math.max(2, 2 * parallelism);
        const oldest = Math.min(...queue.map((ready) => ready.version));
        for (const ready of queue) expect(version - ready.version).toBeLessThan(useless);
        for (const ready of evicted) {
          if (version - ready.version < useless) expect(ready.version).toBeLessThanOrEqual(oldest);
        }
      }),
    );
  });

  it('counts as fresh what is younger than two results, or a tenth of the slots', () => {
    const queue = queueOf([10, 9, 8, 7, 1]);
    expect([1, 20, 25, 100].map((slots) => freshIn(queue, 10, slots))).toEqual([2, 2, 3, 5]);
  });
});
