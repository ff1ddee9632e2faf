import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecentMedian } from './recent-median.ts';

test('half of the latest values are at most the median, older ones count no more', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1000), { minLength: 1 }),
      fc.integer({ min: 1, max: 9 }),
      (values, window) => {
        const recent = createRecentMedian(window);
        expect(recent.median).toBeUndefined();
        for (const value of values) recent.add(value);
        const latest = values.slice(-window);
        const atMost = latest.filter((value) => value <= recent.median!).length;
        const atLeast = latest.filter((value) => value >= recent.median!).length;
        expect(latest).toContain(recent.median);
        expect(Math.min(atMost, atLeast) * 2).toBeGreaterThanOrEqual(latest.length);
      },
    ),
  );
});
