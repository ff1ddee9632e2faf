import { describe, expect, it } from 'vitest';
import type { Measured } from './bench.ts';
import { median } from './median.ts';
import { result, row } from './result.ts';

const measured: Measured = {
  case: 'c',
  value: 10,
  unit: 'ms',
  better: 'lower',
  goal: 10,
  runs: 3,
};

const where = { machine: 'm', stealPercent: 0.4 };

describe('a benchmark result', () => {
  it('meets its goal when it is equal or better, in its own direction', () => {
    const met = (some: Partial<Measured>): boolean | null =>
      result('b', { ...measured, ...some }, where).met;
    expect([met({}), met({ value: 10.1 }), met({ value: 9 })]).toEqual([true, false, true]);
    expect([met({ better: 'higher', value: 9 }), met({ better: 'higher' })]).toEqual([false, true]);
  });

  it('without a goal neither meets nor misses it', () => {
    const { goal: _, ...free } = measured;
    expect(result('b', free, where)).toMatchObject({ goal: null, met: null });
    expect(row(result('b', free, where))).not.toContain('goal');
  });

  it('is a number: the median of no run is none', () => {
    expect(() => result('b', { ...measured, value: median([]) }, where)).toThrow('is no figure');
  });

  it('is compared with the best peer', () => {
    expect(result('b', { ...measured, peers: { x: 20, y: 40 } }, where).ratio).toBe(0.5);
    expect(
      result('b', { ...measured, better: 'higher', peers: { x: 20, y: 40 } }, where).ratio,
    ).toBe(0.25);
    expect(result('b', measured, where).ratio).toBeNull();
  });

  it('is one row for people, which says when others took much of the machine', () => {
    expect(row(result('b', measured, { ...where, stealPercent: 4.5 }))).toContain('4.5 % stolen');
    expect(row(result('b', measured, where))).toMatch(/^ok {3}.*10 ms +goal ≤ 10 +\(3 runs\)$/);
  });
});

describe('the median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});
