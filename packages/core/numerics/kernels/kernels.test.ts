// The kernels and their twins on typed arrays, on the same numbers: the same bits.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  choleskyInArrays,
  invertLowerInArrays,
  multiplyInverseInArrays,
  rowStart,
} from '../cholesky.ts';
import { addOuterProductsInArrays } from '../outer-products.ts';
import { randomStream } from '../random-stream.ts';
import { squaredDistancesInArrays } from '../squared-distances.ts';
import { eigenInArrays } from '../symmetric-eigen.ts';
import { quantileBetweenTails } from '../truncated-normal.ts';
import { bytesOf } from './base64.ts';
import { kernelsWith } from './instance.ts';
import {
  fastAddOuterProducts,
  fastCholesky,
  fastInvertLower,
  fastMultiplyInverse,
  fastSquaredDistances,
  fastSymmetricEigen,
} from './matrix-kernels.ts';

const size = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 28, max: 101 }));
const seed = fc.nat(1e6);
/** Also where numbers lose digits to underflow, or squares are at the end of the range. */
const scale = fc.constantFrom(1, 1e-3, 1e-155, 1e-161, 1e150);
const few = { numRuns: 60 };

function normals(count: number, seed: number, scale = 1): Float64Array {
  const stream = randomStream(seed, count, 'kernels');
  return Float64Array.from({ length: count }, () => scale * stream.normal());
}

/** Packed lower half of scale² (B Bᵀ / n + I). */
function positiveDefinite(n: number, seed: number, scale = 1): Float64Array {
  const b = normals(n * n, seed, scale / Math.sqrt(n));
  const a = new Float64Array(rowStart(n));
  for (let i = 0, to = 0; i < n; i++) {
    for (let j = 0; j <= i; j++, to++) {
      let sum = i === j ? scale * scale : 0;
      for (let k = 0; k < n; k++) sum += b[i * n + k]! * b[j * n + k]!;
      a[to] = sum;
    }
  }
  return a;
}

/** Object.is of all of them, but that one NaN is as good as another. */
function expectSame(found: Float64Array, expected: Float64Array): void {
  expect(found.length).toBe(expected.length);
  const place = expected.findIndex((x, i) => !Object.is(x, found[i]));
  expect(place, `${found[place]} where the twin has ${expected[place]}`).toBe(-1);
}

test('this engine has the kernels: what follows tests something', () => {
  expect(kernelsWith(0)).toBeDefined();
});

describe('Cholesky', () => {
  test('factor, triangular inverse and inverse are the same', () => {
    fc.assert(
      fc.property(size, seed, scale, (n, seed, scale) => {
        const l = positiveDefinite(n, seed, scale);
        const twin = l.slice();
        const done = choleskyInArrays(twin, n);
        expect(fastCholesky(l, n)).toBe(done);
        // Of a matrix that underflowed nothing is left.
        if (!done) return;
        expectSame(l, twin);
        const [inverse, inverseTwin] = [l.map(() => NaN), l.map(() => NaN)];
        expect(fastInvertLower(l, n, inverse)).toBe(true);
        invertLowerInArrays(l, n, inverseTwin);
        expectSame(inverse, inverseTwin);
        if (!inverse.every(Number.isFinite)) return;
        const [whole, wholeTwin] = [l.map(() => NaN), l.map(() => NaN)];
        expect(fastMultiplyInverse(inverse, n, whole)).toBe(true);
        multiplyInverseInArrays(inverse, n, wholeTwin);
        expectSame(whole, wholeTwin);
      }),
      few,
    );
  });

  test('both say when a matrix is not positive definite, or not a number', () => {
    for (const n of [1, 2, 5, 31, 32, 33, 70]) {
      for (const at of [0, n >> 1, n - 1]) {
        for (const value of [-1, 0, NaN, Infinity, -Infinity]) {
          const a = positiveDefinite(n, 3);
          a[rowStart(at) + at] = value;
          expect(fastCholesky(a, n), `${value} at ${at} of ${n}`).toBe(false);
        }
        const a = positiveDefinite(n, 3);
        a[rowStart(at)] = NaN;
        expect(fastCholesky(a, n)).toBe(false);
      }
    }
  });

  test('neither touches what lies behind the matrix', () => {
    const room = new Float64Array(rowStart(40)).fill(7);
    room.set(positiveDefinite(37, 1));
    fastCholesky(room, 37);
    const inverse = new Float64Array(rowStart(40)).fill(7);
    fastInvertLower(room, 37, inverse);
    for (const one of [room, inverse]) {
      expect(one.subarray(rowStart(37)).every((x) => x === 7)).toBe(true);
    }
  });
});

describe('eigenvalues and eigenvectors', () => {
  test('are the same', () => {
    fc.assert(
      fc.property(size, seed, fc.constantFrom(0, 0.5, 0.95), (n, seed, zeros) => {
        const stream = randomStream(seed, n, 'zeros');
        const a = normals(n * n, seed).map((x) => (stream.next() < zeros ? 0 : x / 8));
        const twin = a.slice();
        const [d, v] = [new Float64Array(n), new Float64Array(n * n)];
        const [dTwin, vTwin] = [new Float64Array(n), new Float64Array(n * n)];
        expect(fastSymmetricEigen(a, n, d, v)).toBe(eigenInArrays(twin, n, dTwin, vTwin));
        expectSame(d, dTwin);
        expectSame(v, vTwin);
      }),
      few,
    );
  });
});

describe('outer products and distances', () => {
  const special = fc.constantFrom(1, NaN, Infinity, -Infinity, -0, 5e-324, 1e308);

  test('are the same, whatever numbers are among them', () => {
    fc.assert(
      fc.property(size, fc.nat(9), seed, special, scale, (n, count, seed, one, scale) => {
        const c = normals(n * n, seed, scale);
        for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) c[j * n + i] = c[i * n + j]!;
        const outers = Array.from({ length: count }, (_, k) => {
          const y = normals(n, seed + k, scale);
          if (k === 1 && n > 0) y[(seed + k) % n] = one;
          return { weight: (k % 3) - 1.25, y };
        });
        const twin = c.slice();
        expect(fastAddOuterProducts(c, n, 0.9, outers)).toBe(true);
        addOuterProductsInArrays(twin, n, 0.9, outers);
        expectSame(c, twin);
        const x = normals(n * count, seed, scale);
        if (x.length > 0) x[seed % x.length] = one;
        const [packed, packedTwin] = [new Float64Array(rowStart(n)), new Float64Array(rowStart(n))];
        expect(fastSquaredDistances(x, n, count, packed)).toBe(true);
        squaredDistancesInArrays(x, n, count, packedTwin);
        expectSame(packed, packedTwin);
      }),
      few,
    );
  });
});

test('memory grows and is seen anew, and what is too large for it is left to the twin', () => {
  const before = kernelsWith(100)!;
  before.memory[7] = 5;
  const after = kernelsWith(before.memory.length + 1)!;
  expect(after.memory.length).toBeGreaterThan(before.memory.length);
  expect(after.memory[7]).toBe(5);
  expect(kernelsWith(2 ** 26 + 1)).toBeUndefined();
});

test('base64 is read as Node.js reads it', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(bytesOf(Buffer.from(bytes).toString('base64'))).toEqual(Uint8Array.from(bytes));
    }),
  );
});

test('random numbers are those of the twin, from any place of any stream on', () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      fc.maxSafeNat(),
      fc.nat(9),
      fc.nat(300),
      (seed, trial, drawn, count) => {
        const fast = randomStream(seed, trial, 'fractions');
        const slow = randomStream(seed, trial, 'fractions');
        for (let i = 0; i < drawn; i++) expect(fast.next()).toBe(slow.next());
        for (let round = 0; round < 2; round++) {
          const values = new Float64Array(count);
          fast.fill(values);
          expectSame(
            values,
            values.map(() => slow.next()),
          );
        }
      },
    ),
    few,
  );
});

test('draws from truncated normals are those of the twin, in the middle and in the tails', () => {
  const tail = fc.oneof(
    fc.constantFrom(0, 0.5, 1e-300, 5e-17),
    fc.double({ min: 0, max: 0.5, noNaN: true }),
  );
  const quantile = fc.oneof(
    fc.constantFrom(0, 2 ** -53, 1 - 2 ** -53, 0.5),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  );
  const draw = fc.record({
    q: quantile,
    low: tail,
    high: tail,
    centre: fc.double(),
    width: fc.double(),
  });
  const end = fc.oneof(fc.constantFrom(0, -0, Infinity, -Infinity), fc.double({ noNaN: true }));
  fc.assert(
    fc.property(fc.array(draw, { minLength: 1, maxLength: 40 }), end, end, (draws, a, b) => {
      const [lowest, highest] = [Math.min(a, b), Math.max(a, b) + 1];
      const { memory, run } = kernelsWith(13 * draws.length + 6)!;
      // Of each draw one for which nothing is known, and one by the last of three quantiles.
      const expected = draws.flatMap(({ q, low, high, centre, width }, i) => {
        memory.set([0.5, 0.25, q], 2 * draws.length + 3 * i);
        const row = [centre, centre, width, width, NaN, low, high, high];
        memory.set(row, 5 * draws.length + 8 * i);
        const x = centre + width * quantileBetweenTails(q, low, high);
        return [NaN, x > lowest ? (x < highest ? x + 0 : highest) : Number.isNaN(x) ? NaN : lowest];
      });
      const frame = 13 * draws.length;
      memory.set([lowest, lowest, highest, highest, 1, 2], frame);
      const [quantiles, rows] = [16 * draws.length, 40 * draws.length];
      run.drawNormals(draws.length, 2, quantiles, 3, rows, 8 * frame, 0);
      expectSame(memory.slice(0, 2 * draws.length), Float64Array.from(expected));
    }),
  );
});

describe('sums of terms in 32 bits', () => {
  const lanes = 8;

  const cases = fc.record({
    count: fc.integer({ min: 0, max: 70 }),
    dimensions: fc.integer({ min: 0, max: 20 }),
    choices: fc.integer({ min: 0, max: 3 }),
    stepped: fc.integer({ min: 0, max: 3 }),
    steep: fc.constantFrom(0.7, 3.5, 70),
    seed,
  });
  /** Of each table. */
  const [groups, cells] = [5, 4];

  test('they are those of 64 bits but for the rounding of terms, and stop at no less than what is enough', () => {
    fc.assert(
      fc.property(cases, ({ count, dimensions, choices, stepped, steep, seed }) => {
        const stream = randomStream(seed, count, 'terms');
        const width = 1 + 2 * dimensions + choices + stepped;
        const weights = count * width;
        const choiceTerms = weights + count;
        const tables = choiceTerms + 2 * choices;
        const batch = tables + stepped * groups * cells;
        const chosen = batch + lanes * dimensions;
        const columns = chosen + lanes * choices;
        const known = columns + lanes * stepped;
        const [enough, out] = [known + lanes, known + 2 * lanes];
        const { run, singles, integers } = kernelsWith(out + 2 * lanes + 36)!;
        for (let k = 0, at = 0; k < count; k++) {
          singles[at++] = 10 * stream.normal();
          for (let d = 0; d < dimensions; d++) {
            const v = steep * (0.2 + stream.next());
            singles[at++] = v * stream.next();
            singles[at++] = v;
          }
          for (let c = 0; c < choices; c++) integers[at++] = stream.int(3);
          for (let f = 0; f < stepped; f++) integers[at++] = 4 * cells * stream.int(groups);
        }
        for (let i = weights; i < choiceTerms; i++) singles[i] = 10 ** (4 * stream.next() - 3);
        for (let i = choiceTerms; i < tables; i++) singles[i] = -3 * stream.next();
        for (let i = tables; i < batch; i++) singles[i] = -5 * stream.next();
        for (let i = batch; i < chosen; i++) singles[i] = stream.next();
        for (let i = chosen; i < columns; i++) integers[i] = stream.int(3);
        for (let i = columns; i < known; i++) {
          const table = Math.floor((i - columns) / lanes);
          integers[i] = 4 * (tables + table * groups * cells + stream.int(cells));
        }
        for (let i = known; i < enough; i++) singles[i] = 3 * stream.normal();
        const termOf = (k: number, lane: number): number => {
          let at = k * width;
          let term = singles[at++]!;
          for (let d = 0; d < dimensions; d++) {
            const u = singles[at++]!;
            term -= (singles[batch + lanes * d + lane]! * singles[at++]! - u) ** 2;
          }
          for (let c = 0; c < choices; c++) {
            const same = integers[at++] === integers[chosen + lanes * c + lane];
            term += singles[choiceTerms + 2 * c + (same ? 0 : 1)]!;
          }
          for (let f = 0; f < stepped; f++) {
            term += singles[(integers[columns + lanes * f + lane]! + integers[at++]!) / 4]!;
          }
          return term;
        };
        const expected = Array.from({ length: lanes }, (_, lane) => {
          let sum = Math.exp(singles[known + lane]!);
          for (let k = 0; k < count; k++) sum += singles[weights + k]! * Math.exp(termOf(k, lane));
          return Math.log(sum);
        });
        const sums = (least: number): number[] => {
          singles.fill(least, enough, out);
          const places = [4 * choiceTerms, 4 * batch] as const;
          run.sumTerms(0, 4 * weights, count, dimensions, choices, stepped, ...places);
          return expected.map((_, lane) => {
            return singles[out + lane]! + Math.log(singles[out + lanes + lane]!);
          });
        };
        // With terms of at most 100 where they matter (sampler/tpe/screen.ts).
        const factors = dimensions + choices + stepped + 2;
        const error = 5e-5 + 2 ** -24 * (100 * factors + 10 * steep * Math.sqrt(200 * factors));
        sums(Infinity).forEach((sum, lane) => {
          expect(Math.abs(sum - expected[lane]!)).toBeLessThan(error);
        });
        const least = Math.min(...expected) - 1;
        for (const sum of sums(least)) expect(sum).toBeGreaterThan(least - error);
      }),
      few,
    );
  });
});
