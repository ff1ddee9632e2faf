import { expect, test } from 'vitest';
import { holm, pairedBootstrap, shareLower } from './paired.ts';

test('differences that are all of one sign are significant, balanced ones are not', () => {
  expect(pairedBootstrap([[-1, -2, -1, -3, -2]])).toBeLessThan(0.001);
  expect(
    pairedBootstrap([
      [1, 2],
      [1, 3],
    ]),
  ).toBeLessThan(0.001);
  expect(pairedBootstrap([[-1, 1, -2, 2]])).toBeGreaterThan(0.5);
});

test("Holm's procedure: the smallest of m counts m-fold, and none is below one before it", () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
});

test('the share of pairs won counts ties by half, and its variance falls with the number of runs', () => {
  expect(shareLower([1, 2], [3, 4])).toEqual({ share: 1, variance: 0 });
  expect(shareLower([1, 3], [1, 3]).share).toBe(0.5);
  const some = Array.from({ length: 10 }, (_, i) => i);
  const more = [...some, ...some, ...some];
  expect(shareLower(more, more).variance).toBeLessThan(shareLower(some, some).variance);
});
