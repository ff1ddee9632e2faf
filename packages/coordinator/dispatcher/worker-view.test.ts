import { manualClock } from '@fleetune/platform/testing';
import { expect, it } from 'vitest';
import { createCoordinator } from '../coordinator.ts';
import { memoryStore } from '../store/index.ts';
import { scriptedWorker, settled, specWith } from './testing/scripted-worker.ts';

it('a worker in quarantine is called so, and why, until a person resumes it', async () => {
  const coordinator = createCoordinator(memoryStore(), manualClock());
  const host = await coordinator.open(specWith({ trials: 9 }));
  void coordinator.run(host, { keepGoing: true, files: '/files', shared: true });
  await settled();
  const worker = scriptedWorker(() => coordinator, 'w', 1);
  await worker.register();
  const view = () => coordinator.workers()[0];
  expect(view()).toMatchObject({ state: 'active' });
  const reason = { code: 'fast-failures', text: 'trials 1, 2, 3 crashed here at once' };
  host.apply({ kind: 'quarantine-worker', worker: 'w', reason });
  expect(view()).toMatchObject({ state: 'quarantined', reason: reason.text });
  await coordinator.resumeWorker('w', 'its disk was full');
  expect(view()).toMatchObject({ state: 'active' });
});
