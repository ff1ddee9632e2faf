import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptanceRate, evenPoints, lawful } from './lawful.ts';
import { searchSpace } from './search-space.ts';
import type { Parameter } from './study-spec.ts';

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
const floats = (count: number): Parameter[] =>
  letters.slice(0, count).map((name) => ({ name, type: 'float', low: 0, high: 1, log: false }));
const ints = (count: number): Parameter[] =>
  letters
    .slice(0, count)
    .map((name) => ({ name, type: 'int', low: 0, high: 99, log: false, step: 1 }));

/** A small seeded generator for the tests (mulberry32). */
function unitPoints(seed: number, dimensions: number): () => Float64Array {
  let state = seed;
  const draw = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Float64Array.from({ length: dimensions }, draw);
}

const conditional: Parameter[] = [
  ...floats(3),
  { name: 'deep', type: 'boolean' },
  { name: 'layers', type: 'int', low: 1, high: 9, log: false, step: 1, when: { deep: true } },
  { name: 'kind', type: 'categorical', choices: ['x', 'y', 'z'] },
];

describe('lawful points', () => {
  test.each<[string, Parameter[], string[]]>([
    ['no constraint', floats(2), []],
    ['half of the space', floats(2), ['a < b']],
    ['an order of nine (1 of 362,880)', floats(9), ['a < b < c < d < e < f < g < h < i']],
    ['an order of eight whole numbers', ints(8), ['a < b < c < d < e < f < g < h']],
    ['a sum (never met by chance)', floats(4), ['a + b + c + d == 1']],
    ['a product on a curve', floats(2), ['a * b == 0.25']],
    ['a small corner', floats(5), ['max(a, b, c, d, e) <= 0.05']],
    ['a whole equation', ints(3), ['a + b == c', 'a > 40']],
    ['a division', ints(2), ['a % 17 == 3', 'b == a + 1']],
    ['conditions', conditional, ["deep and layers >= 8 and kind == 'z' and a < 0.1 and b > 0.9"]],
    ['a logarithm without a value', floats(2), ['log(a - 0.9) < b']],
  ])('%s', (_, parameters, constraints) => {
    const space = searchSpace(parameters, constraints);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const next = unitPoints(seed, space.dimensions);
        const coordinates = lawful(space, next);
        expect(coordinates).toBeDefined();
        expect(space.satisfies(coordinates!)).toBe(true);
        expect(space.fromParams(space.toParams(coordinates!))).toEqual(coordinates);
      }),
      { numRuns: 25, seed: 1 },
    );
  });

  test('are spread out where they are rare', () => {
    const space = searchSpace(floats(9), ['a < b < c < d < e < f < g < h < i']);
    const next = unitPoints(1, space.dimensions);
    const found = Array.from({ length: 40 }, () => lawful(space, next)!);
    expect(new Set(found.map(String)).size).toBe(40);
    const middle = found.map((coordinates) => coordinates[4]!);
    expect(Math.max(...middle) - Math.min(...middle)).toBeGreaterThan(0.2);
  });

  test('without constraints cost one draw', () => {
    const space = searchSpace(floats(2), []);
    let draws = 0;
    lawful(space, () => {
      draws++;
      return Float64Array.of(0.5, 0.5);
    });
    expect(draws).toBe(1);
  });

  test('of an impossible space are undefined', () => {
    const space = searchSpace(floats(2), ['a < b', 'b < a']);
    expect(lawful(space, unitPoints(1, 2))).toBeUndefined();
  });
});

describe('the acceptance rate', () => {
  test('is the share of the space that the constraints leave', () => {
    expect(acceptanceRate(searchSpace(floats(2), []))).toBe(1);
    expect(acceptanceRate(searchSpace(floats(2), ['a < b']))).toBeCloseTo(1 / 2, 2);
    expect(acceptanceRate(searchSpace(floats(3), ['a < b < c']))).toBeCloseTo(1 / 6, 2);
    expect(acceptanceRate(searchSpace(floats(2), ['a ** 2 + b ** 2 <= 1']))).toBeCloseTo(
      Math.PI / 4,
      2,
    );
    expect(acceptanceRate(searchSpace(floats(2), ['a > 1']))).toBe(0);
  });

  test('is the same on every call', () => {
    const space = searchSpace(floats(5), ['a + b + c < d + e']);
    expect(acceptanceRate(space)).toBe(acceptanceRate(space));
  });
});

test('even points lie in the unit cube, and each half of each axis has half of them', () => {
  for (const dimensions of [1, 2, 7, 40]) {
    const next = evenPoints(dimensions);
    const list = Array.from({ length: 1000 }, next);
    for (let i = 0; i < dimensions; i++) {
      const axis = list.map((point) => point[i]!);
      expect(Math.min(...axis)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...axis)).toBeLessThan(1);
      expect(Math.abs(axis.filter((u) => u < 0.5).length - 500)).toBeLessThan(50);
    }
  }
});
