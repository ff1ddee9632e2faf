import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greedySchedule, heavyTailedSleeps } from './sleeps.ts';

describe('the sleeps', () => {
  it('are the same every time, and those of a shorter list are its beginning', () => {
    const sleeps = heavyTailedSleeps(1500);
    expect(heavyTailedSleeps(1500)).toEqual(sleeps);
    expect(heavyTailedSleeps(100)).toEqual(sleeps.slice(0, 100));
    expect(heavyTailedSleeps(100, 1)).not.toEqual(sleeps.slice(0, 100));
  });

  it('are heavy-tailed around 0.3 s, and none is shorter than 0.05 s or longer than 2 s', () => {
    const sleeps = heavyTailedSleeps(1500).toSorted((a, b) => a - b);
    expect(sleeps[750]).toBeGreaterThan(0.27);
    expect(sleeps[750]).toBeLessThan(0.33);
    expect([sleeps[0], sleeps.at(-1)]).toEqual([0.05, 2]);
  });
});

describe('the greedy schedule', () => {
  it('starts each trial the moment a slot is free', () => {
    expect(greedySchedule([3, 1, 1, 2], 2)).toBe(4);
    expect(greedySchedule([1, 1, 1], 3)).toBe(1);
    expect(greedySchedule([1, 2, 3], 1)).toBe(6);
  });

  it('is never shorter than the work allows, and never idle for longer than the longest trial', () => {
    const sleeps = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sleeps, fc.integer({ min: 1, max: 8 }), (lengths, slots) => {
        const total = lengths.reduce((sum, length) => sum + length, 0);
        const longest = Math.max(...lengths);
        const time = greedySchedule(lengths, slots);
        expect(time).toBeGreaterThanOrEqual(Math.max(longest, total / slots));
        // Graham 1966: list scheduling.
        expect(time).toBeLessThanOrEqual(total / slots + longest * (1 - 1 / slots) + 1e-9);
      }),
    );
  });
});
