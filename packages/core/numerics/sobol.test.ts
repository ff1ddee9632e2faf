import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixture } from '../test/fixtures/sobol.ts';
import { sobolBits, sobolDirections } from './sobol-directions.ts';
import { sobolSequence } from './sobol.ts';

describe('direction numbers', () => {
  const v = sobolDirections(1024);

  test('are those of SciPy in all 1,024 dimensions', () => {
    const folded = fixture.folded.map((_, d) => {
      let word = 0;
      for (let k = 0; k < sobolBits; k++) {
        word = ((word << 5) | (word >>> 27)) ^ v[d * sobolBits + k]!;
      }
      return word >>> 0;
    });
    expect(folded).toEqual(fixture.folded);
  });

  test('make the points of SciPy, whose order is that of the Gray code', () => {
    for (const [k, coordinates] of fixture.points) {
      const index = k ^ (k >>> 1);
      const point = fixture.dimensions.map((d) => {
        let word = 0;
        for (let i = 0; i < 13; i++) if ((index >>> i) & 1) word ^= v[d * sobolBits + i]!;
        return (word >>> 0) / 2 ** 32;
      });
      expect(point, `point ${k}`).toEqual(coordinates);
    }
  });

  test('do not depend on how many dimensions there are', () => {
    const few = sobolDirections(37);
    expect(few).toEqual(v.slice(0, few.length));
    expect(sobolDirections(0)).toHaveLength(0);
  });
});

/** Points first … first + count − 1. */
function points(dimensions: number, seed: number, first: number, count: number, replicate = 0) {
  const sequence = sobolSequence(dimensions, seed);
  return Array.from({ length: count }, (_, k) => {
    const point = new Float64Array(dimensions);
    sequence.point(first + k, replicate, point);
    return point;
  });
}

const seed = fc.nat(1e9);
const replicate = fc.nat(5);

describe('the scrambled sequence', () => {
  test('has one of 2^m points from an aligned index in each of 2^m slices of every dimension', () => {
    const sizes = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(seed, sizes, fc.nat(50), replicate, (seed, m, block, replicate) => {
        const n = 2 ** m;
        const all = points(40, seed, block * n, n, replicate);
        for (let d = 0; d < 40; d++) {
          const slices = new Set(all.map((point) => Math.floor(point[d]! * n)));
          expect(slices.size, `dimension ${d}`).toBe(n);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('is a (0, m, 2)-net in its first two dimensions: one point per elementary interval', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 9 }), replicate, (seed, m, replicate) => {
        const all = points(2, seed, 0, 2 ** m, replicate);
        for (let a = 0; a <= m; a++) {
          const cells = all.map(([x, y]) => {
            return Math.floor(x! * 2 ** a) * 2 ** (m - a) + Math.floor(y! * 2 ** (m - a));
          });
          expect(new Set(cells).size, `2^${a} by 2^${m - a}`).toBe(2 ** m);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('lays 256 points evenly in the last of 1,024 dimensions, too', () => {
    const all = points(1024, 5, 0, 256);
    for (const d of [1000, 1023]) {
      expect(new Set(all.map((point) => Math.floor(point[d]! * 256))).size).toBe(256);
    }
  });

  test('every point is uniform in the cube over seeds and replicates, by chi-square', () => {
    const bins = new Array<number>(16).fill(0);
    for (let seed = 0; seed < 800; seed++) {
      const sequence = sobolSequence(2, seed);
      const point = new Float64Array(2);
      sequence.point(3, seed % 2, point);
      bins[Math.floor(point[0]! * 4) * 4 + Math.floor(point[1]! * 4)]! += 1;
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - 50) ** 2 / 50, 0);
    // The 0.999 quantile of chi-square with 15 degrees of freedom.
    expect(chiSquare).toBeLessThan(37.7);
  });

  test('a point depends on seed, index and replicate, and on nothing else', () => {
    expect(points(3, 7, 5, 1)).toEqual(points(3, 7, 3, 3).slice(2));
    const all = [points(3, 7, 5, 1), points(3, 8, 5, 1), points(3, 7, 6, 1), points(3, 7, 5, 1, 1)];
    expect(new Set(all.map((point) => point.join())).size).toBe(4);
  });

  test('coordinates are in [0, 1) up to the last index', () => {
    const [point] = points(1024, 1, 2 ** 32 - 1, 1);
    expect(point!.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(() => points(1, 1, 2 ** 32, 1)).toThrow('no point');
  });

  test('integrates a smooth function of 6 dimensions far better than random points do', () => {
    const n = 1024;
    const errors = [1, 2, 3, 4, 5].map((seed) => {
      const product = (x: Float64Array) => x.reduce((all, u) => all * (1 + (u - 0.5) / 2), 1);
      return points(6, seed, 0, n).reduce((sum, x) => sum + product(x), 0) / n - 1;
    });
    // The standard deviation of random points: sqrt((1 + 1/48)^6 − 1) / sqrt(n) = 0.0112.
    for (const error of errors) expect(Math.abs(error)).toBeLessThan(0.0112 / 10);
  });
});
