import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { erf, erfc, erfcx } from './erf.ts';
import { logNdtr, ndtri, ndtriExp } from './normal.ts';
import { fixture } from '../test/fixtures/numerics.ts';
import { special, worstError } from '../test/fixtures/special.ts';

const functions = { erf, erfc, erfcx, logNdtr, ndtri, ndtriExp };

describe('agreement with SciPy', () => {
  for (const [name, f] of Object.entries(functions)) {
    test(`${name} agrees to 1e-12 of the value at every recorded point`, () => {
      for (const [x, value] of fixture[name as keyof typeof functions]) {
        const error = Math.abs(f(x) - value);
        expect(error, `${name}(${x})`).toBeLessThanOrEqual(1e-12 * Math.abs(value));
      }
    });
  }
});

describe('agreement with 50 digits, in units of the value', () => {
  test.each([
    ['erf', 1e-15],
    ['erfc', 1e-15],
    ['erfcx', 1e-15],
    ['logNdtr', 1e-14],
    ['ndtri', 1e-15],
    ['ndtriExp', 3e-15],
  ] as const)('%s: the error is below %s', (name, limit) => {
    expect(worstError(functions[name], special[name])).toBeLessThan(limit);
  });
});

describe('identities', () => {
  const anywhere = fc.double({ min: -26, max: 26, noNaN: true });

  test('erf is odd and erf + erfc is 1', () => {
    fc.assert(
      fc.property(anywhere, (x) => {
        expect(erf(-x)).toBe(-erf(x));
        expect(erf(x) + erfc(x)).toBeCloseTo(1, 14);
      }),
    );
  });

  test('erfcx is exp(x²) erfc(x) and falls like 1/(x sqrt(pi))', () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), (x) => {
        expect((erfcx(x) * Math.exp(-x * x)) / erfc(x)).toBeCloseTo(1, 12);
      }),
    );
    expect(erfcx(-26)).toBeCloseTo(2 * Math.exp(676), -284);
    expect(erfcx(-30)).toBe(Infinity);
    expect(erfcx(1e200) * 1e200 * Math.sqrt(Math.PI)).toBeCloseTo(1, 14);
  });

  test('ndtriExp inverts logNdtr from the deepest left tail to the right', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e5, max: 4, noNaN: true }), (x) => {
        // The right tail is known only as far as ln Φ can be told from 0.
        expect(Math.abs(ndtriExp(logNdtr(x)) - x)).toBeLessThanOrEqual(
          1e-11 * Math.max(1, Math.abs(x)),
        );
      }),
    );
  });

  test('ndtri is odd about one half and takes 0 and 1 to the infinities', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 0.5, noNaN: true }), (p) => {
        expect(Math.abs(ndtri(p) + ndtri(1 - p))).toBeLessThan(1e-9);
      }),
    );
    expect(ndtri(0)).toBe(-Infinity);
    expect(ndtri(1)).toBe(Infinity);
    expect(logNdtr(Infinity)).toBeCloseTo(0, 15);
    expect(logNdtr(-Infinity)).toBe(-Infinity);
  });
});
