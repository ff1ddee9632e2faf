import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logOfSmall } from './log-of-small.ts';

test('as V8 computes it, to the last bit: from the smallest number to a half, near powers of two, too', () => {
  const any = fc.double({ min: Number.MIN_VALUE, max: 0.5, noNaN: true });
  const nearPower = fc
    .tuple(fc.integer({ min: -1060, max: -2 }), fc.integer({ min: -8, max: 8 }))
    .map(([k, steps]) => 2 ** k * (1 + steps * 2 ** -52));
  const uniform = fc.integer({ min: 1, max: 2 ** 31 }).map((n) => n / 2 ** 32);
  fc.assert(
    fc.property(fc.oneof(any, nearPower, uniform), (x) => {
      expect(logOfSmall(x)).toBe(Math.log(x));
    }),
    { numRuns: 20_000 },
  );
});
