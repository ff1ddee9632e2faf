import { scenario, simulate } from '@fleetune/simulator';
import { expect, test } from 'vitest';
import { stories } from './stories.ts';

test('several threads tell the same stories as one, in the order of the seeds', async () => {
  const told: string[] = [];
  for await (const { trace } of stories(7, 5, 2)) told.push(trace);
  const alone: string[] = [];
  for (let seed = 7; seed < 12; seed++) alone.push((await simulate(scenario(seed))).trace);
  expect(told).toEqual(alone);
});
