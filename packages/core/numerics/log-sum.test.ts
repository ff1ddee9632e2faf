import fc from 'fast-check';
import { expect, test } from 'vitest';
import { special, worstError } from '../test/fixtures/special.ts';
import { log1mexp, logAddExp, logSumExp } from './log-sum.ts';

const term = fc.double({ min: -700, max: 700, noNaN: true });

test('logAddExp is symmetric, shifts with its terms and does not overflow', () => {
  fc.assert(
    fc.property(term, term, (a, b) => {
      expect(logAddExp(a, b)).toBe(logAddExp(b, a));
      expect(logAddExp(a + 1e6, b + 1e6) - 1e6).toBeCloseTo(logAddExp(a, b), 8);
    }),
  );
  expect(logAddExp(Math.log(2), Math.log(3))).toBeCloseTo(Math.log(5), 14);
  expect(logAddExp(-Infinity, 3)).toBe(3);
  expect(logAddExp(-Infinity, -Infinity)).toBe(-Infinity);
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

test('log1mexp agrees with 50 digits to 1e-15', () => {
  expect(worstError(log1mexp, special.log1mexp)).toBeLessThan(1e-15);
});

test('logSumExp is logAddExp of all, shifts with its terms and does not overflow', () => {
  fc.assert(
    fc.property(fc.array(term, { minLength: 1, maxLength: 9 }), (terms) => {
      const pairwise = terms.reduce(logAddExp, -Infinity);
      expect(logSumExp(terms)).toBeCloseTo(pairwise, 9);
      const shifted = logSumExp(Float64Array.from(terms, (one) => one - 1e6));
      expect(shifted + 1e6).toBeCloseTo(pairwise, 7);
    }),
  );
  expect(logSumExp([])).toBe(-Infinity);
  expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
  expect(logSumExp([1, Infinity])).toBe(Infinity);
});
