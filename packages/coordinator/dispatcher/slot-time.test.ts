import { expect, test } from 'vitest';
import { oneSlotWorker } from './testing/one-slot-worker.ts';

const MINUTE_US = 60_000_000;

test('a slot that was idle before a study began is the former study’s up to then', async () => {
  const { clock, begin, register, exchange, ended, usedBy } = oneSlotWorker();
  const first = await begin('first');
  await register();
  await exchange({ free: [0] });
  // It is paused, and its slot idles for a minute.
  first.apply({ kind: 'pause-study', reason: { code: 'user', text: 'by a person' } });
  clock.advance(1_000);
  await exchange({ ended: [ended('first', 0, 0, 1_000_000)], free: [0] });
  for (let beat = 0; beat < 6; beat++) {
    clock.advance(10_000);
    await exchange({ free: [0] });
  }
  const second = await begin('second');
  clock.advance(2_000);
  const { trials } = await exchange({ free: [0] });
  expect(trials).toMatchObject([{ study: 'second', trial: 0 }]);
  clock.advance(3_000);
  await exchange({});
  expect(usedBy(first)).toMatchObject({ allocatedUs: 1_000_000 + MINUTE_US });
  expect(usedBy(second)).toMatchObject({ allocatedUs: 5_000_000 });
  expect(first.state.workers.get('w')!.slots[0]).toMatchObject({ elsewhere: true });
});
