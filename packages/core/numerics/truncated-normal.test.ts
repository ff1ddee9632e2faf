import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixture } from '../test/fixtures/numerics.ts';
import { special, worstError } from '../test/fixtures/special.ts';
import { logSqrt2Pi } from './normal.ts';
import { logGaussMass, truncatedNormalQuantile } from './truncated-normal.ts';

const bound = fc.double({ min: -60, max: 60, noNaN: true });
const interval = fc
  .tuple(bound, fc.double({ min: 1e-3, max: 50, noNaN: true }))
  .map(([a, width]) => [a, a + width] as const);

test('mass and quantiles agree with SciPy to 1e-12, also far in the tails', () => {
  for (const { a, b, logPdf, quantile } of fixture.truncated) {
    for (const [x, value] of logPdf) {
      // The density is phi(x) / mass.
      const error = Math.abs(-0.5 * x * x - logSqrt2Pi - logGaussMass(a, b) - value);
      expect(error, `mass of [${a}, ${b}]`).toBeLessThan(1e-12);
    }
    for (const [q, value] of quantile) {
      const error = Math.abs(truncatedNormalQuantile(q, a, b) - value);
      expect(error, `quantile(${q}; ${a}, ${b})`).toBeLessThan(1e-12);
    }
  }
});

test('mass and quantiles agree with 50 digits to 1e-14, ten thousand sigmas out too', () => {
  expect(worstError(logGaussMass, special.logGaussMass, 1)).toBeLessThan(2e-15);
  expect(worstError(truncatedNormalQuantile, special.truncatedQuantile, 1)).toBeLessThan(2e-14);
});

test('the mass is symmetric about the mean', () => {
  fc.assert(
    fc.property(interval, ([a, b]) => {
      expect(logGaussMass(a, b)).toBeCloseTo(logGaussMass(-b, -a), 9);
    }),
  );
});

test('the masses of two halves sum to the mass of the whole', () => {
  fc.assert(
    fc.property(interval, fc.double({ min: 0.1, max: 0.9, noNaN: true }), ([a, b], share) => {
      const whole = logGaussMass(a, b);
      const middle = a + share * (b - a);
      const left = Math.exp(logGaussMass(a, middle) - whole);
      const right = Math.exp(logGaussMass(middle, b) - whole);
      expect(left + right).toBeCloseTo(1, 9);
    }),
  );
});

test('the mass of an interval too narrow for a difference is density times width', () => {
  fc.assert(
    fc.property(bound, fc.integer({ min: 4, max: 12 }), (a, digits) => {
      const b = a + 10 ** -digits;
      const middle = (a + b) / 2;
      const expected = -0.5 * middle * middle - 0.5 * Math.log(2 * Math.PI) + Math.log(b - a);
      expect(logGaussMass(a, b)).toBeCloseTo(expected, 4);
    }),
  );
  expect(logGaussMass(3, 3)).toBe(-Infinity);
});

test('narrow and wide intervals agree where one way of computing ends and the other begins', () => {
  fc.assert(
    fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (middle) => {
      const border = Math.sqrt(5e-3 / (middle * middle + 4));
      const mass = (h: number) => logGaussMass(middle - h / 2, middle + h / 2) - Math.log(h);
      expect(mass(border * (1 - 1e-9))).toBeCloseTo(mass(border * (1 + 1e-9)), 10);
    }),
  );
});

test('the quantile function inverts the mass, stays inside the bounds and is monotone', () => {
  const quantile = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(interval, quantile, quantile, ([a, b], q, r) => {
      const x = truncatedNormalQuantile(q, a, b);
      expect(x).toBeGreaterThanOrEqual(a);
      expect(x).toBeLessThanOrEqual(b);
      if (q <= r) expect(truncatedNormalQuantile(r, a, b)).toBeGreaterThanOrEqual(x - 1e-9);
      if (x <= a + 1e-6 * (b - a) || x >= b - 1e-6 * (b - a)) return;
      expect(Math.exp(logGaussMass(a, x) - logGaussMass(a, b))).toBeCloseTo(q, 8);
    }),
  );
});
