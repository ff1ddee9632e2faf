import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockTime, count, figure, percent } from './figures.ts';

test.each([
  [0.986111111, '0.98611'],
  [1, '1'],
  [123456789, '123456789'],
  [1e-5, '1e-5'],
  [-0.5, '-0.5'],
  [0, '0'],
  ['NaN' as const, 'NaN'],
  ['-Infinity' as const, '-Infinity'],
])('figure(%s) is %s', (value, text) => {
  expect(figure(value)).toBe(text);
});

test('a figure is wrong by less than one in its last digit', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e300, max: 1e300, noNaN: true }), (value) => {
      expect(Math.abs(Number(figure(value)) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-4);
    }),
  );
});

test.each([
  [0, '0:00'],
  [59_999, '0:59'],
  [3_600_000, '1:00:00'],
  [86_400_000 * 2 + 3_723_000, '2d 01:02:03'],
  [-5, '0:00'],
])('clockTime(%i) is %s', (ms, text) => {
  expect(clockTime(ms)).toBe(text);
});

test('counts have separators, percentages one digit', () => {
  expect([count(999), count(1234), count(1234567), count(0.1234567)]).toEqual([
    '999',
    '1,234',
    '1,234,567',
    '0.123457',
  ]);
  expect([percent(0), percent(0.9731), percent(1)]).toEqual(['0 %', '97.3 %', '100 %']);
});
