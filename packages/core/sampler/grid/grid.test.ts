import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchSpace, type SearchSpace } from '../../space/search-space.ts';
import type { Parameter, Params } from '../../space/study-spec.ts';
import { gridSize } from './grid-size.ts';
import { createGrid } from './grid.ts';

const lr: Parameter = { name: 'lr', type: 'float', low: 1e-4, high: 1, log: true };
const n: Parameter = { name: 'n', type: 'int', low: 1, high: 3, step: 1, log: false };
const act: Parameter = { name: 'act', type: 'categorical', choices: ['relu', 'gelu'] };
const slope: Parameter = {
  name: 'slope',
  type: 'float',
  low: 0,
  high: 1,
  step: 0.5,
  log: false,
  when: { act: 'relu' },
};

/** All suggestions, each observed as pending before the next; starts from what has been used. */
function visit(
  space: SearchSpace,
  counts: Record<string, number> = {},
  used: readonly Params[] = [],
): Params[] {
  const grid = createGrid(space, counts);
  const pending = { state: 'pending' } as const;
  used.forEach((params, trial) => grid.observe({ trial, params, outcome: pending }));
  const all: Params[] = [];
  for (;;) {
    const suggestion = grid.suggest(0);
    if ('exhausted' in suggestion) return all;
    all.push(suggestion.params);
    const trial = used.length + all.length;
    grid.observe({ trial, params: suggestion.params, outcome: pending });
  }
}

test('the last parameter varies fastest, and a conditional one only where it is active', () => {
  expect(visit(searchSpace([n, act, slope], [])).slice(0, 5)).toEqual([
    { n: 1, act: 'relu', slope: 0 },
    { n: 1, act: 'relu', slope: 0.5 },
    { n: 1, act: 'relu', slope: 1 },
    { n: 1, act: 'gelu' },
    { n: 2, act: 'relu', slope: 0 },
  ]);
  expect(visit(searchSpace([n, act, slope], []))).toHaveLength(3 * (3 + 1));
});

test('a continuous float has five levels, evenly spaced on its scale with both ends', () => {
  const values = visit(searchSpace([lr], [])).map((params) => Math.log10(params.lr as number));
  expect(values).toHaveLength(5);
  values.forEach((value, k) => expect(value).toBeCloseTo(k - 4, 12));
});

test('a count thins a float or an int, never beyond the values that it has', () => {
  expect(visit(searchSpace([lr], []), { lr: 1 })[0]!.lr).toBeCloseTo(1e-2, 12);
  expect(visit(searchSpace([lr], []), { lr: 7 })).toHaveLength(7);
  expect(visit(searchSpace([n], []), { n: 2 })).toEqual([{ n: 1 }, { n: 3 }]);
  expect(visit(searchSpace([n], []), { n: 99 })).toHaveLength(3);
});

test('combinations that break a constraint are left out', () => {
  const pairs = visit(searchSpace([n, { ...n, name: 'm' }], ['n < m']));
  expect(pairs).toEqual([
    { n: 1, m: 2 },
    { n: 1, m: 3 },
    { n: 2, m: 3 },
  ]);
});

test('a constraint on the first parameters skips all that begins so: no walk through 10^9', () => {
  const wide = (name: string): Parameter => ({ ...n, name, high: 1000 }) as Parameter;
  const space = searchSpace([wide('a'), wide('b'), wide('c')], ['a >= 900']);
  const suggestion = createGrid(space, {}).suggest(0);
  expect(suggestion).toMatchObject({ params: { a: 900, b: 1, c: 1 } });
});

test('what is left does not depend on the order in which the rest was used', () => {
  const space = searchSpace([n, act, slope, lr], ['n * lr < 1']);
  const all = visit(space, { lr: 3 });
  fc.assert(
    fc.property(fc.shuffledSubarray(all), (used) => {
      const keys = new Set(used.map((params) => space.key(params)));
      const left = all.filter((params) => !keys.has(space.key(params)));
      expect(visit(space, { lr: 3 }, used)).toEqual(left);
    }),
    { numRuns: 30 },
  );
});

test('combinations are counted, with conditions and constraints', () => {
  const space = searchSpace([n, act, slope], []);
  expect(gridSize(space, {})).toBe(3 * (3 + 1));
  const unequal = searchSpace([n, { ...n, name: 'm' }], ['n < m']);
  expect(gridSize(unequal, {})).toBe(3);
  expect(gridSize(searchSpace([lr, { ...lr, name: 'b' }], []), { lr: 1e6, b: 1e6 })).toBe(1e12);
  const wide: Parameter = { name: 'w', type: 'int', low: 1, high: 1e6, step: 1, log: false };
  expect(gridSize(searchSpace([wide, n], ['w <= n * 1000000 - 2']), {})).toBeUndefined();
});

test('a grid that is used up says how many combinations it had', () => {
  const grid = createGrid(searchSpace([n, { ...n, name: 'm' }], ['n < m']), {});
  const used = [
    { n: 1, m: 2 },
    { n: 1, m: 3 },
    { n: 2, m: 3 },
  ];
  used.forEach((params, trial) => grid.observe({ trial, params, outcome: { state: 'failed' } }));
  expect(grid.suggest(3).reason.text).toBe('All 3 combinations of the grid have been used.');
});

test('a grid of 10^1000 combinations begins like any other, and ends where they cannot be told apart', () => {
  const digit = (i: number): Parameter => ({ ...n, name: `p${i}`, low: 0, high: 9 }) as Parameter;
  const digits = Array.from({ length: 1000 }, (_, i) => digit(i));
  const grid = createGrid(searchSpace(digits, []), {});
  for (let trial = 0; trial < 12; trial++) {
    const { params } = grid.suggest(trial) as { params: Params };
    expect(Number(Object.values(params).slice(-3).join(''))).toBe(trial);
    grid.observe({ trial, params, outcome: { state: 'pending' } });
  }
  const hopeless = createGrid(searchSpace(digits, ['p0 > 4']), {}).suggest(0);
  expect(hopeless).toHaveProperty('exhausted', true);
  expect(hopeless.reason.text).toContain('too large');
});

test('params that are removed come again', () => {
  const grid = createGrid(searchSpace([n], []), {});
  const outcome = { state: 'completed', loss: 0 } as const;
  for (let trial = 0; trial < 3; trial++) {
    grid.observe({ trial, params: { n: trial + 1 }, outcome });
  }
  expect(grid.suggest(3)).toHaveProperty('exhausted', true);
  grid.observe({ trial: 1, params: { n: 2 }, outcome: { state: 'removed' } });
  expect(grid.suggest(3)).toMatchObject({ params: { n: 2 } });
});
