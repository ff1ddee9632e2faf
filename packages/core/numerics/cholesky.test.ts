import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cholesky,
  inverseRow,
  invertLower,
  logDeterminant,
  rowStart,
  solveLower,
  solveLowerTransposed,
} from './cholesky.ts';
import { appendRow, deleteRow } from './cholesky-update.ts';
import { randomStream } from './random-stream.ts';

/** Packed lower half of B Bᵀ + shift I, B being n × n standard normal. */
function positiveDefinite(n: number, seed: number, shift: number): Float64Array {
  const stream = randomStream(seed, n, 'matrix');
  const b = Float64Array.from({ length: n * n }, () => stream.normal());
  const a = new Float64Array(rowStart(n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? shift : 0;
      for (let k = 0; k < n; k++) sum += b[i * n + k]! * b[j * n + k]!;
      a[rowStart(i) + j] = sum;
    }
  }
  return a;
}

function factor(a: Float64Array, n: number): Float64Array {
  const l = a.slice();
  expect(cholesky(l, n)).toBe(true);
  return l;
}

/** The largest |L Lᵀ − A| in units of ε (n + 1) |L| |Lᵀ|, entry by entry. */
function residual(l: Float64Array, a: Float64Array, n: number): number {
  let worst = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = -a[rowStart(i) + j]!;
      let scale = 0;
      for (let k = 0; k <= j; k++) {
        const product = l[rowStart(i) + k]! * l[rowStart(j) + k]!;
        sum += product;
        scale += Math.abs(product);
      }
      worst = Math.max(worst, Math.abs(sum) / ((n + 1) * scale * 2 ** -52));
    }
  }
  return worst;
}

/** The largest difference of two packed factors, relative to the largest entry. */
function distance(one: Float64Array, two: Float64Array, n: number): number {
  let worst = 0;
  let scale = 0;
  for (let at = 0; at < rowStart(n); at++) {
    worst = Math.max(worst, Math.abs(one[at]! - two[at]!));
    scale = Math.max(scale, Math.abs(two[at]!));
  }
  return n === 0 ? 0 : worst / scale;
}

const size = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 25, max: 100 }));
const seed = fc.nat(1e6);
const shift = fc.constantFrom(1e-6, 1, 100);
const few = { numRuns: 40 };

describe('cholesky', () => {
  test('L Lᵀ is A within the bound of Higham, at any size around the block', () => {
    fc.assert(
      fc.property(size, seed, shift, (n, seed, shift) => {
        const a = positiveDefinite(n, seed, shift);
        expect(residual(factor(a, n), a, n)).toBeLessThan(1);
      }),
      few,
    );
  });

  test('a Hilbert matrix of 12 rows, conditioned as 1e16, keeps the same bound', () => {
    const n = 12;
    const a = new Float64Array(rowStart(n));
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[rowStart(i) + j] = 1 / (i + j + 1);
    expect(residual(factor(a, n), a, n)).toBeLessThan(1);
  });

  test('says when a matrix is not positive definite, wherever that shows', () => {
    for (const n of [1, 2, 31, 32, 33, 70]) {
      for (const at of [0, Math.floor(n / 2), n - 1]) {
        for (const value of [-1, 0, NaN, Infinity]) {
          const a = positiveDefinite(n, 3, 1);
          a[rowStart(at) + at] = value;
          expect(cholesky(a, n), `${value} at ${at} of ${n}`).toBe(false);
        }
      }
    }
    expect(cholesky(new Float64Array(0), 0)).toBe(true);
  });

  test('solves A x = b, and knows the determinant', () => {
    fc.assert(
      fc.property(size, seed, (n, seed) => {
        const a = positiveDefinite(n, seed, n);
        const l = factor(a, n);
        const stream = randomStream(seed, 1, 'solution');
        const x = Float64Array.from({ length: n }, () => stream.normal());
        const at = (i: number, j: number) => a[rowStart(Math.max(i, j)) + Math.min(i, j)]!;
        const b = x.map((_, i) => x.reduce((sum, one, j) => sum + at(i, j) * one, 0));
        solveLower(l, n, b);
        solveLowerTransposed(l, n, b);
        b.forEach((found, i) => expect(Math.abs(found - x[i]!)).toBeLessThan(1e-10));
      }),
      few,
    );
    // det [[4, 2], [2, 5]] = 16.
    expect(logDeterminant(factor(Float64Array.of(4, 2, 5), 2), 2)).toBeCloseTo(Math.log(16), 14);
  });

  test('the triangular inverse times L is I', () => {
    fc.assert(
      fc.property(size, seed, (n, seed) => {
        const l = factor(positiveDefinite(n, seed, n), n);
        const inverse = new Float64Array(rowStart(n)).fill(NaN);
        invertLower(l, n, inverse);
        let worst = 0;
        for (let i = 0; i < n; i++) {
          for (let j = 0; j <= i; j++) {
            let sum = i === j ? -1 : 0;
            for (let k = j; k <= i; k++) sum += l[rowStart(i) + k]! * inverse[rowStart(k) + j]!;
            worst = Math.max(worst, Math.abs(sum));
          }
        }
        expect(worst).toBeLessThan(1e-12);
      }),
      few,
    );
  });
});

describe('a row more or less', () => {
  test('appended rows make the factor, and the inverse, of the larger matrix', () => {
    fc.assert(
      fc.property(size, seed, fc.integer({ min: 0, max: 4 }), (n, seed, more) => {
        const whole = n + more;
        const a = positiveDefinite(whole, seed, whole);
        const expected = factor(a, whole);
        const l = new Float64Array(rowStart(whole));
        l.set(factor(a.slice(0, rowStart(n)), n));
        const inverse = new Float64Array(rowStart(whole));
        invertLower(l, n, inverse);
        for (let i = n; i < whole; i++) {
          const row = a.slice(rowStart(i), rowStart(i) + i);
          appendRow(l, i, row, a[rowStart(i) + i]!, 1e-10);
          inverseRow(l, i, inverse);
        }
        expect(distance(l, expected, whole)).toBeLessThan(1e-13);
        const whole2 = new Float64Array(rowStart(whole));
        invertLower(expected, whole, whole2);
        expect(distance(inverse, whole2, whole)).toBeLessThan(1e-12);
      }),
      few,
    );
  });

  test('a deleted row leaves the factor of the smaller matrix', () => {
    fc.assert(
      fc.property(size, seed, fc.nat(), (n, seed, pick) => {
        const gone = pick % n;
        const a = positiveDefinite(n, seed, n);
        const l = factor(a, n);
        deleteRow(l, n, gone);
        const smaller: number[] = [];
        for (let i = 0; i < n; i++) {
          for (let j = 0; j <= i; j++) {
            if (i !== gone && j !== gone) smaller.push(a[rowStart(i) + j]!);
          }
        }
        const expected = factor(Float64Array.from(smaller), n - 1);
        expect(distance(l, expected, n - 1)).toBeLessThan(1e-13);
      }),
      few,
    );
  });

  test('hundreds of rows that come and go leave no error behind', () => {
    const n = 40;
    const a = positiveDefinite(n, 9, n);
    const l = factor(a, n);
    const order = Array.from({ length: n }, (_, i) => i);
    const stream = randomStream(1, 0, 'rows');
    const at = (i: number, j: number) => a[rowStart(Math.max(i, j)) + Math.min(i, j)]!;
    for (let turn = 0; turn < 400; turn++) {
      const gone = stream.int(n);
      deleteRow(l, n, gone);
      const [row] = order.splice(gone, 1);
      const k = Float64Array.from(order, (other) => at(row!, other));
      appendRow(l, n - 1, k, at(row!, row!), 1e-10);
      order.push(row!);
    }
    const now = order.flatMap((i, r) => order.slice(0, r + 1).map((j) => at(i, j)));
    expect(distance(l, factor(Float64Array.from(now), n), n)).toBeLessThan(1e-12);
  });

  test('a repeated row keeps the factor alive', () => {
    const l = new Float64Array(rowStart(3));
    l.set(factor(Float64Array.of(1, 0.5, 1), 2));
    expect(appendRow(l, 2, Float64Array.of(0.5, 1), 1, 1e-10)).toBeCloseTo(1e-5, 12);
    expect(appendRow(l, 2, Float64Array.of(NaN, 1), 1, 1e-10)).toBeNaN();
  });
});
