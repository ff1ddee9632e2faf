import { describe, expect, test } from 'vitest';
import { axisOf } from '../space/axis.ts';
import { searchSpace, type SearchSpace } from '../space/search-space.ts';
import type { Parameter } from '../space/study-spec.ts';
import { enumeration, type Enumeration } from './enumeration.ts';
import { contractSpaces } from './testing/contract-spaces.ts';

const tree: Parameter[] = [
  { name: 'n', type: 'int', low: 1, high: 6, step: 1, log: false },
  { name: 'kind', type: 'categorical', choices: ['a', 'b', 'c'] },
  { name: 'b1', type: 'boolean', when: { kind: ['a', 'b'] } },
  { name: 'low', type: 'int', low: 0, high: 3, step: 1, log: false, when: { n: { max: 2 } } },
  { name: 'both', type: 'boolean', when: { n: { min: 2, max: 4 }, b1: true } },
  { name: 'last', type: 'ordinal', choices: [1, 2, 3], when: { both: true } },
];

const spaces: Record<string, SearchSpace> = {
  'a deep tree': searchSpace(tree, []),
  flat: contractSpaces.finite!.space,
  'a small tree': contractSpaces['a finite tree']!.space,
  'one value': contractSpaces['one value']!.space,
};

function everything(space: SearchSpace): Enumeration {
  const axes = space.parameters.map(axisOf);
  return enumeration(
    space,
    axes.map((axis) => ({ count: axis.cells, at: axis.atCell })),
  );
}

describe('the enumeration of all params', () => {
  for (const [name, space] of Object.entries(spaces)) {
    const all = everything(space);

    test(`${name}: counts what the space counts`, () => {
      expect(all.count).toBe(space.size);
    });

    test(`${name}: gives every params once, each with its inactive parameters left out`, () => {
      const keys = new Set<string>();
      for (let i = 0; i < all.count; i++) {
        const params = space.toParams(all.at(i));
        // Throws when they do not belong to the space.
        space.fromParams(params);
        keys.add(space.key(params));
      }
      expect(keys.size).toBe(all.count);
    });

    test(`${name}: params are in the order of their coordinates, the last one fastest`, () => {
      for (let i = 1; i < all.count; i++) {
        const [before, here] = [all.at(i - 1), all.at(i)];
        const first = here.findIndex((value, d) => !Object.is(value, before[d]));
        expect(here[first]!).toBeGreaterThan(before[first]!);
      }
    });

    test(`${name}: after(index, i) is where the first i + 1 coordinates change`, () => {
      const prefix = (index: number, i: number) => String(all.at(index).slice(0, i + 1));
      for (let index = 0; index < all.count; index++) {
        for (let i = 0; i < space.dimensions; i++) {
          let next = index + 1;
          while (next < all.count && prefix(next, i) === prefix(index, i)) next++;
          expect(all.after(index, i)).toBe(next);
        }
      }
    });
  }
});

test('a space of 10^15 params is enumerated without being made', () => {
  const digits = Array.from({ length: 15 }, (_, i): Parameter => {
    return { name: `d${i}`, type: 'int', low: 0, high: 9, step: 1, log: false };
  });
  const all = everything(searchSpace(digits, []));
  expect(all.count).toBe(1e15);
  expect([...all.at(123456789012345)].join('')).toBe('123456789012345');
});
