import fc from 'fast-check';
import { expect, test } from 'vitest';
import { special, worstError } from '../test/fixtures/special.ts';
import { chiSquareCdf, chiSquareQuantile, chiSquareSample, chiSquareTail } from './chi-square.ts';
import { erf } from './erf.ts';
import { ndtri } from './normal.ts';
import { randomStream } from './random-stream.ts';

test('quantiles have 13 digits, from 1 to 1,000 degrees of freedom and far into both tails', () => {
  expect(worstError(chiSquareQuantile, special.chiSquareQuantile)).toBeLessThan(1e-13);
});

test('one and two degrees of freedom have closed forms', () => {
  for (const x of [1e-6, 0.2, 1, 3.84, 20]) {
    expect(chiSquareCdf(x, 1)).toBeCloseTo(erf(Math.sqrt(x / 2)), 14);
    expect(chiSquareTail(x, 2)).toBeCloseTo(Math.exp(-x / 2), 14);
  }
  for (const q of [0.01, 0.5, 0.95]) {
    expect(chiSquareQuantile(q, 1)).toBeCloseTo(ndtri((1 + q) / 2) ** 2, 12);
    expect(chiSquareQuantile(q, 2)).toBeCloseTo(-2 * Math.log1p(-q), 12);
  }
});

const degrees = fc.double({ min: 0.02, max: 1e6, noNaN: true });
const probability = fc.oneof(
  fc.double({ min: 1e-290, max: 1, noNaN: true }),
  fc.constantFrom(0, 1e-290, 1e-9, 1 - 2 ** -53),
);

test('the quantile inverts the distribution, in the tail that p is in', () => {
  fc.assert(
    fc.property(degrees, fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (k, p) => {
      const x = chiSquareQuantile(p, k);
      if (x < 1e-290) return;
      const error = p <= 0.5 ? chiSquareCdf(x, k) / p - 1 : chiSquareTail(x, k) / (1 - p) - 1;
      expect(Math.abs(error), `${x}`).toBeLessThan(1e-9);
    }),
  );
});

test('the quantile is finite and rises, for every p and k', () => {
  fc.assert(
    fc.property(degrees, probability, probability, (k, p, q) => {
      const [low, high] = [Math.min(p, q), Math.max(p, q)].map((one) => chiSquareQuantile(one, k));
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThanOrEqual(high! * (1 + 1e-12));
      if (p < 1 && q < 1) expect(high).toBeLessThan(Infinity);
    }),
  );
  expect(chiSquareQuantile(0, 3)).toBe(0);
  expect(chiSquareQuantile(1, 3)).toBe(Infinity);
});

test('samples have mean k and variance 2k', () => {
  const n = 4000;
  for (const k of [1, 5]) {
    const stream = randomStream(3, k, 'chi-square');
    const values = Array.from({ length: n }, () => chiSquareSample(stream, k));
    const mean = values.reduce((sum, x) => sum + x, 0) / n;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
    expect(Math.abs(mean - k)).toBeLessThan(4 * Math.sqrt((2 * k) / n));
    // The fourth central moment is 12 k² + 48 k.
    expect(Math.abs(variance - 2 * k)).toBeLessThan(4 * Math.sqrt((8 * k * k + 48 * k) / n));
  }
});
