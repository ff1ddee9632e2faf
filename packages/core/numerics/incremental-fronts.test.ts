import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFronts } from './incremental-fronts.ts';
import { frontsOf } from './non-dominated-sort.ts';

const loss = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(Infinity, -Infinity));
const points = fc
  .integer({ min: 1, max: 4 })
  .chain((objectives) =>
    fc.array(fc.array(loss, { minLength: objectives, maxLength: objectives }), { maxLength: 40 }),
  );

test('after any additions and removals the fronts are those of the points that are left', () => {
  fc.assert(
    fc.property(points, fc.array(fc.nat(39)), fc.boolean(), (all, leaving, often) => {
      const fronts = createFronts<number>((i) => all[i]!);
      const left = new Set<number>();
      const check = (): void => {
        const rest = [...left];
        const expected = frontsOf(rest.map((i) => all[i]!));
        const found = fronts.all();
        expect(fronts.size).toBe(left.size);
        expect(found.flat().length).toBe(left.size);
        rest.forEach((i, at) => expect(found[expected[at]!]).toContain(i));
      };
      all.forEach((_, i) => {
        fronts.add(i);
        left.add(i);
        if (often && left.delete(leaving[i] ?? -1)) fronts.remove(leaving[i]!);
        if (i % 5 === 0) check();
      });
      for (const i of leaving) {
        if (!left.delete(i)) continue;
        fronts.remove(i);
        // It may come again.
        if (often && i % 2 === 0) {
          fronts.add(i);
          left.add(i);
        }
      }
      check();
    }),
    { seed: 20261130, numRuns: 200 },
  );
});
