import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addGap, gapQuantileUs, gapsUpTo, newGapHistogram } from './gap-histogram.ts';

it('knows every quantile to within 1.6 %, and small and largest ones exactly', () => {
  const gap = fc.oneof(fc.nat(63), fc.nat(100_000), fc.integer({ min: 0, max: 1e12 }));
  fc.assert(
    fc.property(fc.array(gap, { minLength: 1, maxLength: 200 }), fc.nat(100), (gaps, percent) => {
      const histogram = newGapHistogram();
      for (const it of gaps) addGap(histogram, it);
      const sorted = gaps.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil((percent / 100) * gaps.length)) - 1]!;
      const got = gapQuantileUs(histogram, percent / 100);
      expect(Math.abs(got - exact)).toBeLessThanOrEqual(exact < 64 ? 0 : exact * 0.016);
      expect(histogram.maxUs).toBe(sorted.at(-1));
      expect(got).toBeLessThanOrEqual(histogram.maxUs);
    }),
  );
});

it('counts gaps up to a bound to within 1.6 % of the bound, and sums them as closely', () => {
  const gap = fc.oneof(fc.nat(63), fc.nat(100_000), fc.integer({ min: 0, max: 1e12 }));
  fc.assert(
    fc.property(fc.array(gap, { maxLength: 200 }), fc.nat(1e6), (gaps, bound) => {
      const histogram = newGapHistogram();
      for (const it of gaps) addGap(histogram, it);
      const { counts, sumUs } = gapsUpTo(histogram, [bound]);
      const upTo = (us: number) => gaps.filter((it) => it <= us).length;
      expect(counts[0]).toBeGreaterThanOrEqual(upTo(bound * 0.984));
      expect(counts[0]).toBeLessThanOrEqual(upTo(bound * 1.016 + 1));
      const sum = gaps.reduce((total, it) => total + it, 0);
      expect(Math.abs(sumUs - sum)).toBeLessThanOrEqual(sum * 0.016);
    }),
  );
});
