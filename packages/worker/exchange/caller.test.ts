import { fail } from '@fleetune/core';
import { systemRandom } from '@fleetune/platform/node';
import { manualClock } from '@fleetune/platform/testing';
import { expect, test } from 'vitest';
import { createCaller } from './caller.ts';

const UNKNOWN = fail('worker.unknown', 'worker', { worker: 'w' });

/** Calls that come to these, one after the other; silence lasts until its time is over. */
async function after(...answers: ('silence' | 'refused' | 'answer')[]) {
  const clock = manualClock();
  const troubles: string[] = [];
  let call = 0;
  const caller = createCaller({
    clock,
    random: systemRandom,
    giveUpMs: () => 150_000,
    onTrouble: (error) => void troubles.push((error as Error).message),
  });
  const outcome = caller
    .call({
      send() {
        const answer = answers[call++];
        if (answer === 'silence') return new Promise<string>(() => undefined);
        return answer === 'refused' ? Promise.reject(UNKNOWN) : Promise.resolve('taken');
      },
      timeoutMs: 60_000,
      recover: () => Promise.resolve(),
    })
    .catch((error: unknown) => (error as { code?: string }).code);
  let over = false;
  void outcome.then(() => (over = true));
  while (!over) {
    clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { outcome: await outcome, troubles };
}

test('a coordinator that says nothing for the death time-out is given up', async () => {
  const { outcome, troubles } = await after('silence', 'silence', 'silence', 'answer');
  expect(outcome).toBe('worker.coordinator-gone');
  expect(troubles).toHaveLength(2);
});

test('a refusal that can be mended is an answer: the death time-out counts anew', async () => {
  const answers = ['silence', 'silence', 'refused', 'silence', 'silence', 'answer'] as const;
  expect(await after(...answers)).toMatchObject({ outcome: 'taken' });
});

test('a refusal that can be mended is no trouble', async () => {
  const { outcome, troubles } = await after('refused', 'answer');
  expect({ outcome, troubles }).toEqual({ outcome: 'taken', troubles: [] });
});
