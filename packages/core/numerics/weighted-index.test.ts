import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cumulative, weightedIndex } from './weighted-index.ts';

test('each index owns a share of the quantiles as large as its weight', () => {
  const weights = fc
    .array(fc.nat(9), { minLength: 1, maxLength: 8 })
    .filter((list) => list.some((weight) => weight > 0));
  fc.assert(
    fc.property(weights, (list) => {
      const sums = cumulative(list);
      const total = list.reduce((sum, weight) => sum + weight, 0);
      const hits = list.map(() => 0);
      for (let k = 0; k < total; k++) hits[weightedIndex(sums, (k + 0.5) / total)]! += 1;
      expect(hits).toEqual(list);
    }),
  );
});

test('the ends of the range never reach an index of weight 0', () => {
  const sums = cumulative([0, 2, 0, 1, 0]);
  expect(weightedIndex(sums, 0)).toBe(1);
  expect(weightedIndex(sums, 1 - 2 ** -53)).toBe(3);
});
