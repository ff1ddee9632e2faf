import { expect, test } from 'vitest';
import { oneSlotWorker } from './testing/one-slot-worker.ts';

const reason = { code: 'user', text: 'by a person' };

test('what waits on a worker that a person holds back is taken back', async () => {
  const { begin, register, exchange } = oneSlotWorker();
  const host = await begin('study');
  await register();
  await exchange({ free: [0] });
  const { trials } = await exchange({ reserve: [0] });
  expect(trials).toMatchObject([{ trial: 1, slot: 0, reserve: true }]);
  expect(host.state.trials[1]!.state).toBe('queued');
  host.apply({ kind: 'quarantine-worker', worker: 'w', reason });
  await host.commit();
  const { commands } = await exchange({});
  expect(commands).toMatchObject([
    { command: 'return', trial: 1, attempt: 1, reason: reason.text },
  ]);
});
