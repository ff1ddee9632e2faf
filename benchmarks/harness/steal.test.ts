import { expect, it } from 'vitest';
import { stealPercent } from './steal.ts';

it('the share of stolen time counts idle time as ours, and nothing twice', () => {
  // Guests' time, the last two, is in the first two already.
  const before = 'cpu  100 0 50 800 10 0 5 35 70 0\ncpu0 1 2 3\n';
  const after = 'cpu  140 0 60 830 10 0 5 55 90 0\ncpu0 1 2 3\n';
  expect(stealPercent(before, after)).toBe(20);
  expect(stealPercent(before, before)).toBe(0);
});
