import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dominates } from './dominance.ts';
import { crowdingDistances, frontsOf } from './non-dominated-sort.ts';

const loss = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(Infinity, -Infinity));
const points = fc
  .integer({ min: 1, max: 4 })
  .chain((objectives) =>
    fc.array(fc.array(loss, { minLength: objectives, maxLength: objectives }), { maxLength: 30 }),
  );

test('fronts are those that peeling gives: each is what none of the rest dominates', () => {
  fc.assert(
    fc.property(points, (all) => {
      const fronts = frontsOf(all);
      let rest = Array.from(all.keys());
      for (let front = 0; rest.length > 0; front++) {
        const peeled = rest.filter((i) => !rest.some((j) => dominates(all[j]!, all[i]!)));
        for (const i of peeled) expect(fronts[i]).toBe(front);
        rest = rest.filter((i) => !peeled.includes(i));
      }
    }),
  );
});

test('the best and the worst of each loss are infinitely apart; no distance is NaN or negative', () => {
  fc.assert(
    fc.property(points, (all) => {
      const distances = crowdingDistances(all);
      for (const distance of distances) expect(distance).toBeGreaterThanOrEqual(0);
      if (all.length > 0) expect(Math.max(...distances)).toBe(Infinity);
    }),
  );
});

test('between two others: the gap as a share of the range, summed over the losses', () => {
  const all = [
    [0, 10],
    [1, 4],
    [3, 2],
    [4, 0],
  ];
  expect([...crowdingDistances(all)]).toEqual([Infinity, 3 / 4 + 8 / 10, 3 / 4 + 4 / 10, Infinity]);
});
