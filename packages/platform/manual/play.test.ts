import { expect, test } from 'vitest';
import { manualClock } from './manual-clock.ts';
import { play } from './play.ts';

const never = { every: 1e9, onPause: () => Promise.resolve() };

test('what follows from a callback has happened before the next one is called', async () => {
  const clock = manualClock(0);
  const story: string[] = [];
  const follow = async (name: string): Promise<void> => {
    for (let i = 0; i < 50; i++) await Promise.race([Promise.resolve()]);
    story.push(`${name} at ${clock.monotonic()}`);
  };
  clock.after(1, () => void follow('one'));
  clock.after(1, () => void follow('other'));
  clock.after(2, () => void follow('last'));
  await play(clock, () => story.length === 3, never);
  expect(story).toEqual(['one at 1', 'other at 1', 'last at 2']);
});

test('ends when it is over, or when nothing is due any more', async () => {
  const clock = manualClock(0);
  for (let ms = 1; ms <= 5; ms++) clock.after(ms, () => undefined);
  await play(clock, () => clock.monotonic() === 3, never);
  expect(clock.monotonic()).toBe(3);
  await play(clock, () => false, never);
  expect(clock.monotonic()).toBe(5);
});

test('pauses now and then, and fails with what a callback throws', async () => {
  const clock = manualClock(0);
  let pauses = 0;
  for (let ms = 1; ms <= 6; ms++) clock.after(ms, () => undefined);
  const onPause = (): Promise<void> => Promise.resolve(void (pauses += 1));
  await play(clock, () => false, { every: 2, onPause });
  expect(pauses).toBe(3);
  clock.after(1, () => {
    throw new Error('broken');
  });
  await expect(play(clock, () => false, never)).rejects.toThrow('broken');
});
