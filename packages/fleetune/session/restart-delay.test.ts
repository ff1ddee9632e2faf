import { expect, test } from 'vitest';
import { restartDelay } from './restart-delay.ts';

test('the first death costs no time; whoever dies young again waits longer each time, within bounds', () => {
  const delay = restartDelay();
  const waits = Array.from({ length: 12 }, () => delay.next(50));
  expect(waits.slice(0, 5)).toEqual([0, 500, 1000, 2000, 4000]);
  expect(Math.max(...waits)).toBe(30_000);
});

test('one that lived for a while is started again at once, and forgives those before it', () => {
  const delay = restartDelay();
  for (let i = 0; i < 5; i++) delay.next(50);
  expect(delay.next(10_000)).toBe(0);
  expect([delay.next(50), delay.next(50)]).toEqual([0, 500]);
});
