import fc from 'fast-check';
import { expect, test } from 'vitest';
import { special, worstError } from '../test/fixtures/special.ts';
import { gammaDensity, incompleteGamma, logGamma } from './gamma.ts';

const shape = fc.double({ min: 0.05, max: 2000, noNaN: true });
const times = fc.double({ min: 0.02, max: 8, noNaN: true });

test('ln Γ has 14 digits, and those of factorials', () => {
  expect(worstError(logGamma, special.logGamma, 1)).toBeLessThan(1e-14);
  let factorial = 1;
  for (let n = 1; n <= 20; n++) {
    expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 12);
    factorial *= n;
  }
});

test('the smaller of P and Q has 12 digits, however small it is', () => {
  for (const [a, x, lower, upper] of special.gamma) {
    const found = incompleteGamma(a, x);
    const error =
      lower <= upper
        ? found.lower / lower - 1
        : upper === 0
          ? found.upper
          : found.upper / upper - 1;
    expect(Math.abs(error), `a = ${a}, x = ${x}`).toBeLessThan(2e-13);
  }
});

test('P and Q sum to 1, P rises, and P(a + 1, x) = P(a, x) − D(a, x)', () => {
  fc.assert(
    fc.property(shape, times, (a, t) => {
      const x = a * t;
      const { lower, upper } = incompleteGamma(a, x);
      expect(lower + upper).toBeCloseTo(1, 14);
      expect(incompleteGamma(a, x * 1.01).lower).toBeGreaterThanOrEqual(lower - 1e-14);
      const next = lower - gammaDensity(a, x);
      expect(Math.abs(incompleteGamma(a + 1, x).lower - next)).toBeLessThan(1e-13);
    }),
  );
});

test('P(1, x) is 1 − exp(−x)', () => {
  for (const x of [1e-9, 0.3, 2, 40, 700]) {
    expect(incompleteGamma(1, x).lower).toBeCloseTo(-Math.expm1(-x), 14);
    expect(incompleteGamma(1, x).upper / Math.exp(-x)).toBeCloseTo(1, 13);
  }
});

test('the ends of the range are 0 and 1', () => {
  expect(incompleteGamma(2, 0)).toEqual({ lower: 0, upper: 1 });
  expect(incompleteGamma(2, Infinity)).toEqual({ lower: 1, upper: 0 });
  expect(incompleteGamma(2, 1e306)).toEqual({ lower: 1, upper: 0 });
});
