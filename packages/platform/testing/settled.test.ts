import { expect, test } from 'vitest';
import { settled } from './settled.ts';

test('waits for promises that follow from promises, however many, and not for time', async () => {
  let steps = 0;
  let late = false;
  const follow = async (): Promise<void> => {
    for (let i = 0; i < 1_000; i++) {
      await Promise.race([Promise.resolve(), new Promise(() => undefined)]);
      steps += 1;
    }
  };
  void follow();
  const timer = setTimeout(() => (late = true));
  await settled();
  expect(steps).toBe(1_000);
  expect(late).toBe(false);
  clearTimeout(timer);
});
