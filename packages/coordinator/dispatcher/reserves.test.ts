import { manualClock } from '@fleetune/platform/testing';
import { describe, expect, it } from 'vitest';
import { createCoordinator } from '../coordinator.ts';
import { memoryStore } from '../store/index.ts';
import { oneSlotWorker } from './testing/one-slot-worker.ts';
import { scriptedWorker, settled, specWith } from './testing/scripted-worker.ts';

const reason = { code: 'user', text: 'a look at it' };

describe('a reserve', () => {
  it('waits behind the trial of a busy slot that offers it, one a slot', async () => {
    const { worker, host } = await begin();
    await worker.exchange({ free: [0, 1] });
    const { trials } = await worker.exchange({ reserve: [0] });
    expect(trials).toMatchObject([{ trial: 2, slot: 0, reserve: true }]);
    expect((await worker.exchange({ reserve: [0] })).trials).toEqual(trials);
    expect(host.state.trials[2]).toMatchObject({ state: 'queued' });
  });

  it('begins with the end of that trial, untold, and reports like any other', async () => {
    const { worker, host } = await begin();
    const { trials } = await worker.exchange({ free: [0] });
    await worker.exchange({ reserve: [0] });
    const { trials: more } = await worker.exchange({ ...worker.done(trials) });
    expect(more).toEqual([]);
    expect(host.state.trials[1]).toMatchObject({ state: 'running' });
    expect((await worker.exchange({ reports: [worker.report(1, 0.5)] })).rejected).toEqual([]);
  });

  it('is never given on a free slot, nor to a reproducible study', async () => {
    const { worker } = await begin();
    expect((await worker.exchange({ reserve: [0] })).trials).toEqual([]);
    const strict = await begin(100, { reproducible: true });
    await strict.worker.exchange({ free: [0] });
    expect((await strict.worker.exchange({ reserve: [0] })).trials).toEqual([]);
  });

  it('goes back when another study begins; then each study has reserves for its share', async () => {
    const { worker, coordinator } = await begin();
    const { trials } = await worker.exchange({ free: [0, 1] });
    await worker.exchange({ reserve: [0] });
    const other = await coordinator.open(specWith({ trials: 9 }, { name: 'other' }));
    void coordinator.run(other, { keepGoing: true, files: '/files', shared: true });
    await settled();
    const answer = await worker.exchange({ reserve: [1] });
    expect(answer.commands).toMatchObject([{ command: 'return', trial: 2 }]);
    // The next free slot is the newcomer's.
    expect(answer.trials).toEqual([]);
    const back = { ...worker.end(2, 0), end: 'preempted' as const, exitedUs: 0, spawnedUs: 0 };
    const ended = [back, ...worker.done([trials[1]!]).ended];
    const next = await worker.exchange({ ...worker.done([trials[1]!]), ended, free: [1] });
    expect(next.trials).toMatchObject([{ study: 'other', slot: 1 }]);
    const shares = await worker.exchange({ reserve: [0, 1] });
    expect(shares.trials).toMatchObject([
      { study: 'study', slot: 0, reserve: true },
      { study: 'other', slot: 1, reserve: true },
    ]);
  });

  it('is given as long as any trial is to come; from the last one on, the answers say so', async () => {
    const { worker } = await begin(4);
    await worker.exchange({ free: [0, 1] });
    const { trials, scarce } = await worker.exchange({ reserve: [0] });
    expect([trials.length, scarce]).toEqual([1, undefined]);
    expect(await worker.exchange({ reserve: [1] })).toMatchObject({
      trials: [{ trial: 3, slot: 1, reserve: true }],
      scarce: true,
    });
    const { scarce: still } = await worker.exchange({});
    expect(still).toBe(true);
  });

  it('that the worker gives back for a free slot, with the news of it, is its trial by the answer', async () => {
    const { worker } = await begin(4);
    await worker.exchange({ free: [0, 1] });
    await worker.exchange({ reserve: [0, 1] });
    const finish = (trial: number) => ({
      reports: [worker.report(trial, 0.5)],
      ended: [worker.end(trial, 1)],
    });
    await worker.exchange(finish(1));
    const { reports, ended } = finish(3);
    const back = { ...worker.end(2, 0), end: 'preempted' as const, spawnedUs: 0, exitedUs: 0 };
    const answer = await worker.exchange({ reports, ended: [...ended, back], free: [1] });
    expect(answer).toMatchObject({ trials: [{ trial: 2, attempt: 2, slot: 1 }], commands: [] });
    expect(answer.scarce).toBeUndefined();
  });

  it('is taken back for a slot that idles, which gets its trial', async () => {
    const { worker, host } = await begin(5);
    await worker.exchange({ free: [0, 1] });
    await worker.exchange({ reserve: [0] });
    const finish = (trial: number) => {
      const facts = { reports: [worker.report(trial, 0.5)], ended: [worker.end(trial, 1)] };
      return worker.exchange({ ...facts, free: [1] });
    };
    await finish(1);
    expect((await finish(3)).commands).toEqual([]);
    expect((await finish(4)).commands).toMatchObject([{ command: 'return', trial: 2 }]);
    const back = { ...worker.end(2, 0), end: 'preempted' as const, spawnedUs: 0, exitedUs: 0 };
    const { trials } = await worker.exchange({ ended: [back], free: [1] });
    expect(trials).toMatchObject([{ trial: 2, attempt: 2, slot: 1 }]);
    expect(host.state.trials[0]).toMatchObject({ state: 'running' });
  });

  // The simulator's swarm found it: the slot idled until its poll was over.
  it('is not given while an idle slot waits for what led to the trial to be on disk', async () => {
    const { worker, coordinator } = await begin(3);
    await worker.exchange({ free: [0, 1] });
    const other = scriptedWorker(() => coordinator, 'other', 1);
    await other.register();
    const { trials } = await other.exchange({ free: [0] });
    const idle = scriptedWorker(() => coordinator, 'idle', 1);
    await idle.register();
    const poll = idle.exchange({ free: [0], waitMs: 5_000 });
    await settled();
    const crash = other.done(trials).ended.map((end) => ({ ...end, end: 'crashed' as const }));
    const told = other.exchange({ ended: crash });
    expect((await worker.exchange({ reserve: [0, 1] })).trials).toEqual([]);
    await told;
    expect((await poll).trials).toMatchObject([{ trial: 2, attempt: 2, slot: 0 }]);
  });

  it('is taken back for the slots of a worker that a person lets go on', async () => {
    const { worker, coordinator } = await begin(2);
    const { dispatcher } = coordinator;
    await worker.exchange({ free: [0] });
    await worker.exchange({ reserve: [0] });
    const second = scriptedWorker(() => coordinator, 'second', 1);
    await second.register();
    await dispatcher.pauseWorker('second', reason.text);
    void second.exchange({ free: [0], waitMs: 5_000 });
    await settled();
    expect((await worker.exchange({})).commands).toEqual([]);
    await dispatcher.resumeWorker('second', reason.text);
    const told = [{ command: 'return', trial: 1, attempt: 1 }];
    expect((await worker.exchange({})).commands).toMatchObject(told);
  });

  it('is taken back when the study is paused, and said again until it is heard', async () => {
    const { worker, coordinator, host, clock } = await begin();
    await worker.exchange({ free: [0] });
    await worker.exchange({ reserve: [0] });
    await coordinator.control(host, { kind: 'pause-study', reason });
    const told = [{ command: 'return', trial: 1, attempt: 1 }];
    expect((await worker.exchange({})).commands).toMatchObject(told);
    expect((await worker.exchange({})).commands).toEqual([]);
    clock.advance(5_000);
    expect((await worker.exchange({})).commands).toMatchObject(told);
  });

  it('that a dead coordinator gave is known to the next one', async () => {
    const { worker, store, clock, use } = await begin();
    await worker.exchange({ free: [0] });
    const { trials } = await worker.exchange({ reserve: [0] });
    const next = use(createCoordinator(store, clock));
    await next.resumeOpenRuns(() => '/files');
    expect((await worker.exchange({ reserve: [0] })).trials).toEqual(trials);
    const { rejected } = await worker.exchange({ ended: [worker.end(0, 0)] });
    expect(rejected).toEqual([]);
    expect(next.host('study').state.trials[1]).toMatchObject({ state: 'running' });
  });

  it('is taken back from a worker that a person holds back', async () => {
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
});

/** A shared run of so many trials, and a worker with two slots. */
async function begin(trials = 100, more: object = {}) {
  const store = memoryStore();
  const clock = manualClock();
  let coordinator = createCoordinator(store, clock);
  const host = await coordinator.open(specWith({ trials }, more));
  void coordinator.run(host, { keepGoing: true, files: '/files', shared: true });
  await settled();
  const worker = scriptedWorker(() => coordinator, 'first', 2);
  await worker.register();
  const use = (next: typeof coordinator) => (coordinator = next);
  return { store, clock, coordinator, host, worker, use };
}
