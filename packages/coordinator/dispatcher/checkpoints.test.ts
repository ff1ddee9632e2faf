import { manualClock } from '@fleetune/platform/testing';
import { expect, it } from 'vitest';
import { createCoordinator } from '../coordinator.ts';
import { memoryStore } from '../store/index.ts';
import { scriptedWorker, settled, specWith } from './testing/scripted-worker.ts';

const reason = { code: 'user', text: 'the rack will be moved' };

async function twoTrials() {
  const clock = manualClock();
  const coordinator = createCoordinator(memoryStore(), clock);
  const worker = scriptedWorker(() => coordinator, 'w', 2);
  await worker.register();
  const host = await coordinator.open(specWith({ trials: 9 }));
  void coordinator.run(host, { keepGoing: true, files: '/files', shared: true });
  await worker.exchange({ free: [0, 1] });
  return { clock, coordinator, worker, host };
}

const checkpoint = (trial: number) => ({
  command: 'checkpoint',
  study: 'study',
  trial,
  attempt: 1,
  reason: reason.text,
});

it('a request reaches the worker by its parked poll, once, when it is in the log', async () => {
  const { clock, coordinator, worker, host } = await twoTrials();
  const poll = worker.exchange({ waitMs: 5_000 });
  await settled();
  await coordinator.control(host, { kind: 'checkpoint-trial', trial: 1, reason });
  expect((await poll).commands).toEqual([checkpoint(1)]);
  expect([...coordinator.events(host, 0)].at(-1)).toMatchObject({ kind: 'checkpoint-requested' });
  clock.advance(6_000);
  expect((await worker.exchange({})).commands).toEqual([]);
  await coordinator.control(host, { kind: 'checkpoint-trial', trial: 1, reason });
  expect((await worker.exchange({})).commands).toEqual([checkpoint(1)]);
});

it('all trials of a worker are asked, but for those that have not begun', async () => {
  const { coordinator, worker, host } = await twoTrials();
  // Reserves are given once a program has reported.
  await worker.exchange({ reports: [worker.report(0, 1)] });
  const { trials } = await worker.exchange({ reserve: [0, 1] });
  expect(trials).toMatchObject([{ reserve: true }, { reserve: true }]);
  await coordinator.checkpointWorker('w', reason.text);
  expect((await worker.exchange({})).commands).toEqual([checkpoint(0), checkpoint(1)]);
  expect(host.state.counts).toMatchObject({ running: 2, queued: 2 });
  await expect(coordinator.checkpointWorker('nobody', '')).rejects.toMatchObject({
    code: 'worker.unknown',
  });
});
