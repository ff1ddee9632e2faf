import fc from 'fast-check';
import { expect, test } from 'vitest';
import { log1mexp, logAddExp, logSumExp } from './log-sum.ts';

const term = fc.double({ min: -700, max: 700, noNaN: true });

test('logSumExp shifts with its terms, however large they are', () => {
  fc.assert(
    fc.property(fc.array(term, { minLength: 1, maxLength: 20 }), (terms) => {
      const shifted = Float64Array.from(terms, (t) => t + 1e6);
      expect(logSumExp(shifted) - 1e6).toBeCloseTo(logSumExp(Float64Array.from(terms)), 8);
    }),
  );
});

test('logSumExp of nothing is −Infinity, and infinities pass through', () => {
  expect(logSumExp(new Float64Array(0))).toBe(-Infinity);
  expect(logSumExp(Float64Array.of(-Infinity, -Infinity))).toBe(-Infinity);
  expect(logSumExp(Float64Array.of(0, Infinity))).toBe(Infinity);
  expect(logSumExp(Float64Array.of(0, 0, 1e9), 2)).toBeCloseTo(Math.LN2, 15);
});

test('logAddExp is logSumExp of two', () => {
  fc.assert(
    fc.property(term, term, (a, b) => {
      expect(logAddExp(a, b)).toBeCloseTo(logSumExp(Float64Array.of(a, b)), 11);
    }),
  );
  expect(logAddExp(-Infinity, 3)).toBe(3);
});

test('log1mexp and exp add up to one, near zero and far out', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 40, noNaN: true }), (x) => {
      expect(Math.exp(log1mexp(x)) + Math.exp(-x)).toBeCloseTo(1, 14);
    }),
  );
  expect(log1mexp(1e-20)).toBeCloseTo(Math.log(1e-20), 10);
  expect(log1mexp(50)).toBeCloseTo(-Math.exp(-50), 30);
});
