import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { manualClock } from '@fleetune/platform/testing';
import { expect, it } from 'vitest';
import { createCoordinator, type Coordinator } from './coordinator.ts';
import { specWith } from './dispatcher/testing/scripted-worker.ts';
import { memoryStore } from './store/index.ts';
import type { StudyHost } from './study-host.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** References are held until the end of the turn in which they were read. */
async function collected(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
}

const alive = (hosts: readonly WeakRef<StudyHost>[]): number =>
  new Set(hosts.flatMap((host) => host.deref() ?? [])).size;

/** A study whose only trial was asked for, and told. */
async function wholeStudy(coordinator: Coordinator, name: string): Promise<WeakRef<StudyHost>> {
  const host = await coordinator.open({ ...specWith({ trials: 1 }), name });
  const ended = coordinator.run(host, { keepGoing: true, files: '/files', shared: true });
  const asker = coordinator.asker(host);
  const asked = await asker.ask();
  if (!('trial' in asked)) throw new Error('there is a trial');
  await asker.tell(asked, { metrics: { loss: 0.5 } });
  expect(await ended).toBe('budget-trials');
  return new WeakRef(host);
}

it('studies that have ended leave the memory, and are read from the store when somebody asks', async () => {
  const coordinator = createCoordinator(memoryStore(), manualClock());
  const ended: WeakRef<StudyHost>[] = [];
  for (let i = 0; i < 40; i += 1) ended.push(await wholeStudy(coordinator, `study-${i}`));
  const running = await coordinator.open({ ...specWith({ trials: 9 }), name: 'running' });
  void coordinator.run(running, { keepGoing: true, files: '/files', shared: true });
  const open = new WeakRef(running);
  await collected();
  expect(alive(ended)).toBeLessThanOrEqual(8);
  expect(open.deref()).toBeDefined();
  // Whoever looks at all of them leaves no more behind.
  for (let i = 0; i < 40; i += 1) {
    const status = coordinator.status(coordinator.host(`study-${i}`));
    expect(status).toMatchObject({ state: 'ended', incumbent: { value: 0.5 } });
  }
  ended.push(...Array.from({ length: 40 }, (_, i) => new WeakRef(coordinator.host(`study-${i}`))));
  await collected();
  expect(alive(ended)).toBeLessThanOrEqual(8);
  expect(coordinator.isRunning(coordinator.host('running'))).toBe(true);
});

it('one that somebody holds is the only one of its name, however long ago it was asked for', async () => {
  const coordinator = createCoordinator(memoryStore(), manualClock());
  await wholeStudy(coordinator, 'held');
  const held = coordinator.host('held');
  for (let i = 0; i < 20; i += 1) await wholeStudy(coordinator, `study-${i}`);
  await collected();
  expect(coordinator.host('held')).toBe(held);
  const reason = { code: 'user', text: 'wrong data' };
  await coordinator.control(held, { kind: 'discard-trial', trial: 0, reason });
  expect(coordinator.host('held').state.counts.cancelled).toBe(1);
});

it('one with words for the store stays until they are written, though nobody waits for that', async () => {
  const coordinator = createCoordinator(memoryStore(), manualClock());
  await wholeStudy(coordinator, 'said');
  const said = (): void => {
    const reason = { code: 'user', text: 'wrong data' };
    const host = coordinator.host('said');
    void coordinator.control(host, { kind: 'discard-trial', trial: 0, reason });
  };
  said();
  for (let i = 0; i < 20; i += 1) await wholeStudy(coordinator, `study-${i}`);
  await collected();
  expect(coordinator.host('said').state.counts.cancelled).toBe(1);
  expect(coordinator.trials('said', {})).toMatchObject([{ state: 'cancelled' }]);
});
