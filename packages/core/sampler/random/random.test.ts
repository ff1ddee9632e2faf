import { describe, expect, test } from 'vitest';
import { searchSpace } from '../../space/search-space.ts';
import type { Parameter, Params } from '../../space/study-spec.ts';
import { createRandom } from './random.ts';

function drawn(parameters: Parameter[], n: number, seed = 1): Params[] {
  const random = createRandom(searchSpace(parameters, []), seed);
  return Array.from(
    { length: n },
    (_, trial) => (random.suggest(trial) as { params: Params }).params,
  );
}

/** Chi-square of counts against equal shares, or the given ones. */
function chiSquare(cells: readonly number[], shares: readonly number[]): number {
  const n = cells.length;
  const counts = shares.map((_, cell) => cells.filter((one) => one === cell).length);
  return counts.reduce((sum, count, cell) => {
    return sum + (count - n * shares[cell]!) ** 2 / (n * shares[cell]!);
  }, 0);
}

const even = (cells: number) => new Array<number>(cells).fill(1 / cells);
/** Quantiles 0.999 of chi-square with 1, 2, 7 and 9 degrees of freedom. */
const limit: Record<number, number> = { 1: 10.8, 2: 13.8, 7: 24.3, 9: 27.9 };

describe('random covers every kind evenly, by chi-square', () => {
  const kinds: [Parameter, (value: never) => number, number][] = [
    [{ name: 'p', type: 'float', low: -5, high: 5, log: false }, (x: number) => x + 5, 10],
    [
      { name: 'p', type: 'float', low: 1e-5, high: 1e5, log: true },
      (x: number) => Math.log10(x) + 5,
      10,
    ],
    [{ name: 'p', type: 'int', low: 1, high: 8, step: 1, log: false }, (x: number) => x - 1, 8],
    [
      { name: 'p', type: 'float', low: 0, high: 0.9, step: 0.1, log: false },
      (x: number) => Math.round(x * 10),
      10,
    ],
    [
      { name: 'p', type: 'categorical', choices: ['a', 'b', 'c'] },
      (x: string) => 'abc'.indexOf(x),
      3,
    ],
    [{ name: 'p', type: 'boolean' }, (x: boolean) => Number(x), 2],
  ];
  for (const [parameter, cellOf, cells] of kinds) {
    test(`${parameter.type} ${JSON.stringify(parameter)}`, () => {
      // A second parameter keeps the space infinite: no draw is avoided as a repeat.
      const free: Parameter = { name: 'free', type: 'float', low: 0, high: 1, log: false };
      const values = drawn([parameter, free], 4000).map(({ p }) => Math.floor(cellOf(p as never)));
      expect(chiSquare(values, even(cells))).toBeLessThan(limit[cells - 1]!);
    });
  }
});

describe('random follows priors', () => {
  const free: Parameter = { name: 'free', type: 'float', low: 0, high: 1, log: false };

  test('weights of choices, and a weight of 0 is never drawn', () => {
    const prior = { weights: [6, 3, 1, 0] };
    const p: Parameter = { name: 'p', type: 'categorical', choices: [0, 1, 2, 3], prior };
    const values = drawn([p, free], 4000).map((params) => params.p as number);
    expect(values).not.toContain(3);
    expect(chiSquare(values, [0.6, 0.3, 0.1])).toBeLessThan(limit[2]!);
  });

  test('mean and sd on the scale of the parameter, inside its bounds', () => {
    const prior = { mean: 1e-3, sd: 1 };
    const p: Parameter = { name: 'p', type: 'float', low: 1e-6, high: 1, log: true, prior };
    const logs = drawn([p, free], 4000).map((params) => Math.log(params.p as number));
    const mean = logs.reduce((sum, x) => sum + x, 0) / logs.length;
    const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / logs.length;
    expect(Math.abs(mean - Math.log(1e-3))).toBeLessThan(4 / Math.sqrt(4000));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 4000));
  });

  test('a prior at a bound is cut there, not piled up on it', () => {
    const prior = { mean: 0, sd: 0.1 };
    const p: Parameter = { name: 'p', type: 'float', low: 0, high: 1, log: false, prior };
    const values = drawn([p, free], 2000).map((params) => params.p as number);
    expect(values.filter((x) => x === 0)).toEqual([]);
    const halves = values.map((x) => (x < 0.0674489750196 ? 0 : 1));
    expect(chiSquare(halves, even(2))).toBeLessThan(limit[1]!);
  });
});

test('seeds and trial numbers draw different params; equal ones draw the same', () => {
  const p: Parameter = { name: 'p', type: 'float', low: 0, high: 1, log: false };
  const all = [...drawn([p], 50, 1), ...drawn([p], 50, 2)].map((params) => params.p);
  expect(new Set(all).size).toBe(100);
  expect(drawn([p], 50, 1)).toEqual(drawn([p], 50, 1));
});

test('a nearly used-up space of 10,000 params still gives what is left', () => {
  const digit = (name: string): Parameter => {
    return { name, type: 'int', low: 0, high: 99, step: 1, log: false };
  };
  const space = searchSpace([digit('a'), digit('b')], []);
  const random = createRandom(space, 4);
  for (let trial = 0; trial < 9999; trial++) {
    const params = { a: Math.floor(trial / 100), b: trial % 100 };
    random.observe({ trial, params, outcome: { state: 'pending' } });
  }
  expect(random.suggest(9999)).toMatchObject({ params: { a: 99, b: 99 } });
});
