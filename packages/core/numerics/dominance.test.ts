import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dominates, paretoFront } from './dominance.ts';

const loss = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom(Infinity, -Infinity));
const points = fc
  .integer({ min: 1, max: 4 })
  .chain((objectives) =>
    fc.array(fc.array(loss, { minLength: objectives, maxLength: objectives }), { maxLength: 30 }),
  );

test('the front is every point that none dominates', () => {
  fc.assert(
    fc.property(points, (all) => {
      const front = all.flatMap((v, i) => (all.some((u) => dominates(u, v)) ? [] : [i]));
      expect(paretoFront(all)).toEqual(front);
    }),
    { seed: 20261124 },
  );
});

test('dominance is strict: no point dominates itself, and no two each other', () => {
  fc.assert(
    fc.property(points, (all) => {
      for (const u of all) {
        expect(dominates(u, u)).toBe(false);
        for (const v of all) expect(dominates(u, v) && dominates(v, u)).toBe(false);
      }
    }),
    { seed: 20261124, numRuns: 50 },
  );
});
