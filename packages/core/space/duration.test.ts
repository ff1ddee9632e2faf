import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

test('units add up', () => {
  expect(parseDuration('90s')).toBe(90_000);
  expect(parseDuration('30m')).toBe(1_800_000);
  expect(parseDuration('1h30m')).toBe(5_400_000);
  expect(parseDuration('2d')).toBe(172_800_000);
  expect(parseDuration('1.5h')).toBe(5_400_000);
  expect(parseDuration('250ms')).toBe(250);
  expect(parseDuration('0s')).toBe(0);
});

test.each(['', '30', 'm', '-1s', '1m 2s', '30m1h', '1e3s', ' 1s', '1 s', '.5h'])(
  '%j is no duration',
  (text) => expect(parseDuration(text)).toBeUndefined(),
);

test('the text is the shortest with whole units', () => {
  expect(formatDuration(1_800_000)).toBe('30m');
  expect(formatDuration(5_400_000)).toBe('1h30m');
  expect(formatDuration(90_000)).toBe('1m30s');
  expect(formatDuration(0)).toBe('0s');
});

test('parsing a formatted duration gives it back', () => {
  fc.assert(fc.property(fc.nat({ max: 1e12 }), (ms) => parseDuration(formatDuration(ms)) === ms));
});
