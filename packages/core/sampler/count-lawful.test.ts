import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisOf } from '../space/axis.ts';
import { searchSpace, type SearchSpace } from '../space/search-space.ts';
import type { Parameter } from '../space/study-spec.ts';
import { countLawful } from './count-lawful.ts';
import { enumeration, type Enumeration } from './enumeration.ts';

function everything(space: SearchSpace): Enumeration {
  const axes = space.parameters.map(axisOf);
  return enumeration(
    space,
    axes.map((axis) => ({ count: axis.cells, at: axis.atCell })),
  );
}

const int = (name: string, high: number, when?: Parameter['when']): Parameter =>
  ({ name, type: 'int', low: 1, high, step: 1, log: false, ...(when && { when }) }) as Parameter;

const tree: Parameter[] = [
  int('a', 4),
  { name: 'kind', type: 'categorical', choices: ['x', 'y', 'z'] },
  int('b', 3, { kind: ['x', 'y'] }),
  int('c', 4, { a: { max: 2 } }),
  { name: 'flag', type: 'boolean', when: { b: { min: 2 }, kind: 'x' } },
  int('d', 3, { flag: true }),
  int('e', 5),
];

const rules = [
  'a < b',
  'a + c <= 4',
  'b != c',
  "kind != 'z' or e > 2",
  'd * e <= 8',
  'not flag or a < 3',
  'e == 3',
  'c > 9',
];

test('as many are lawful as are found one by one, whatever conditions and constraints say', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(tree), fc.subarray(rules), (parameters, constraints) => {
      const names = new Set(parameters.map(({ name }) => name));
      const kept = parameters.map((one) => {
        const when = Object.entries(one.when ?? {}).filter(([parent]) => names.has(parent));
        const { when: _, ...rest } = one;
        return (when.length > 0 ? { ...rest, when: Object.fromEntries(when) } : rest) as Parameter;
      });
      const known = constraints.filter((text) =>
        [...text.matchAll(/\b(?:[a-e]|kind|flag)\b(?!')/g)].every(([name]) => names.has(name)),
      );
      fc.pre(kept.length > 0);
      const space = searchSpace(kept, known);
      const all = everything(space);
      let count = 0;
      for (let i = 0; i < all.count; i++) if (space.satisfies(all.at(i))) count++;
      expect(countLawful(space, all)).toBe(count);
    }),
    { numRuns: 300 },
  );
});

test('what no constraint names costs nothing, and too many values of what one names are left uncounted', () => {
  const free = ['p', 'q', 'r'].map((name) => int(name, 1000));
  const few = searchSpace([int('a', 100), ...free, int('b', 100)], ['a < b']);
  expect(countLawful(few, everything(few))).toBe(4950 * 1e9);
  const many = searchSpace([int('a', 1e6), int('b', 1e6)], ['a < b']);
  expect(countLawful(many, everything(many))).toBeUndefined();
});
