import { manualClock, type ManualClock } from '@fleetune/platform/testing';
import { describe, expect, it } from 'vitest';
import { createCoordinator, type Coordinator } from '../coordinator.ts';
import { memoryStore } from '../store/index.ts';
import type { StudyHost } from '../study-host.ts';
import {
  scriptedWorker,
  settled,
  specWith,
  type ScriptedWorker,
} from './testing/scripted-worker.ts';

describe('an exchange', () => {
  it('gives every free slot a trial in the answer to the first poll', async () => {
    const { worker } = await started({ trials: 5 });
    const { trials } = await worker.exchange({ free: [0, 1] });
    expect(trials.map(({ trial, attempt, slot }) => ({ trial, attempt, slot }))).toEqual([
      { trial: 0, attempt: 1, slot: 0 },
      { trial: 1, attempt: 1, slot: 1 },
    ]);
  });

  it('answers a result with the next trial of the slot', async () => {
    const { worker } = await started({ trials: 5 });
    await worker.exchange({ free: [0] });
    const { trials, rejected } = await worker.exchange({
      reports: [worker.report(0, 0.5)],
      ended: [worker.end(0, 0)],
      free: [0],
    });
    expect(rejected).toEqual([]);
    expect(trials.map(({ trial, slot }) => ({ trial, slot }))).toEqual([{ trial: 1, slot: 0 }]);
  });

  it('that is repeated gets the same answer and counts once', async () => {
    const { worker, host } = await started({ trials: 5 });
    await worker.exchange({ free: [0] });
    const again = { reports: [worker.report(0, 0.5)], ended: [worker.end(0, 0)], free: [0] };
    const first = await worker.exchange(again, 2);
    const events = host.state.lastEvent;
    expect(await worker.exchange(again, 2)).toEqual(first);
    expect(host.state.lastEvent).toBe(events);
  });

  it('with a result of an attempt that is not live rejects that item alone', async () => {
    const { worker } = await started({ trials: 5 });
    await worker.exchange({ free: [0, 1] });
    const { rejected } = await worker.exchange({
      reports: [worker.report(0, 0.5), { ...worker.report(1, 0.5), attempt: 2 }],
    });
    expect(rejected.map(({ trial, attempt, code }) => ({ trial, attempt, code }))).toEqual([
      { trial: 1, attempt: 2, code: 'attempt.stale' },
    ]);
  });

  it('gives a slot that is taken no second trial, but the same one again', async () => {
    const { worker } = await started({ trials: 5 });
    const { trials } = await worker.exchange({ free: [0] });
    // Its worker would not offer it, had it heard of that.
    expect((await worker.exchange({ free: [0] })).trials).toEqual(trials);
    await worker.exchange({ reports: [worker.report(0, 0.5)] });
    expect((await worker.exchange({ free: [0] })).trials).toEqual([]);
  });

  it('of an unknown worker is refused', async () => {
    const { coordinator } = await started({ trials: 5 });
    const other = scriptedWorker(() => coordinator, 'other', 1);
    await expect(other.exchange({})).rejects.toMatchObject({ code: 'worker.unknown' });
  });
});

describe('a poll', () => {
  it('waits for work and is answered when a lost trial comes back', async () => {
    const { coordinator, worker, clock } = await started({ trials: 1 });
    await worker.exchange({ free: [0] });
    clock.advance(10_000);
    const second = scriptedWorker(() => coordinator, 'second', 1);
    await second.register();
    const poll = second.exchange({ free: [0], waitMs: 60_000 });
    await settled();
    clock.advance(5_001);
    const { trials } = await poll;
    expect(trials.map(({ trial, attempt }) => ({ trial, attempt }))).toEqual([
      { trial: 0, attempt: 2 },
    ]);
  });

  it('is answered empty when its time is over', async () => {
    const { worker, clock } = await started({ trials: 1 });
    await worker.exchange({ free: [0] });
    const poll = worker.exchange({ free: [1], waitMs: 5_000 });
    await settled();
    clock.advance(5_000);
    expect(await poll).toMatchObject({ trials: [], commands: [], rejected: [] });
  });

  it.each([
    ['polls again', { free: [1], waitMs: 60_000 }],
    ['has a free slot that gets nothing', { free: [1] }],
    ['takes no more trials', { draining: true }],
  ])('is answered at once when its worker %s', async (_, exchange) => {
    const { worker } = await started({ trials: 1 });
    await worker.exchange({ free: [0] });
    const poll = worker.exchange({ free: [1], waitMs: 60_000 });
    await settled();
    void worker.exchange(exchange);
    expect(await poll).toMatchObject({ trials: [] });
  });

  it('is kept open beside an exchange whose free slots all get a trial', async () => {
    const { coordinator, worker, host } = await started({ trials: 4 });
    await worker.exchange({ free: [0] });
    let answered = false;
    const poll = worker.exchange({ waitMs: 60_000 }).finally(() => (answered = true));
    await settled();
    const [trial] = (await worker.exchange({ ended: [worker.end(0, 0)], free: [0] })).trials;
    expect(trial).toMatchObject({ trial: 1 });
    await settled();
    expect(answered).toBe(false);
    const reason = { code: 'user', text: 'seen enough' };
    await coordinator.control(host, { kind: 'stop-trial', trial: 1, as: 'stopped', reason });
    expect((await poll).commands).toMatchObject([{ command: 'stop', trial: 1 }]);
  });
});

describe('an answer that got lost', () => {
  it('of a poll is there for its retry after any number of other exchanges', async () => {
    const { worker } = await started({ trials: 9 });
    const first = await worker.exchange({ free: [0], waitMs: 5_000 }, 1);
    for (let beat = 0; beat < 50; beat++) await worker.exchange({});
    expect(first.trials).toHaveLength(1);
    expect(await worker.exchange({ free: [0], waitMs: 5_000 }, 1)).toEqual(first);
  });

  it('with a stop that overtook its trial is made up for: the stop is said again', async () => {
    const { coordinator, worker, clock, host } = await started({ trials: 9 });
    await worker.exchange({ free: [0] });
    const reason = { code: 'user', text: 'seen enough' };
    await coordinator.control(host, { kind: 'stop-trial', trial: 0, as: 'stopped', reason });
    expect((await worker.exchange({})).commands).toMatchObject([{ command: 'stop', trial: 0 }]);
    expect((await worker.exchange({})).commands).toEqual([]);
    clock.advance(5_000);
    expect((await worker.exchange({})).commands).toMatchObject([{ command: 'stop', trial: 0 }]);
  });
});

describe('a registration', () => {
  it('that comes when the run has ended already is told to leave', async () => {
    const { coordinator, worker, done } = await started({ trials: 1 });
    await worker.exchange({ free: [0] });
    const late = scriptedWorker(() => coordinator, 'late', 1);
    await worker.exchange({ reports: [worker.report(0, 0.5)], ended: [worker.end(0, 0)] });
    await late.register();
    expect((await late.exchange({ free: [0] })).commands).toMatchObject([{ command: 'quit' }]);
    await late.exchange({ leaving: true });
    await worker.exchange({ leaving: true });
    expect(await done).toBe('budget-trials');
  });

  it('voids what the same worker sent before it', async () => {
    const { coordinator, worker } = await started({ trials: 9 });
    const before = worker.identity();
    await worker.register();
    const { dispatcher } = coordinator;
    await expect(dispatcher.exchange({ ...before, free: [0] })).rejects.toMatchObject({
      code: 'worker.superseded',
    });
    await expect(
      dispatcher.register({ ...before, host: 'test', pid: 1, slots: 2 }),
    ).rejects.toMatchObject({ code: 'worker.superseded' });
  });
});

describe('a lease', () => {
  it('that expires makes the attempt stale and gives its trial to another worker', async () => {
    const { coordinator, worker, clock, host } = await started({ trials: 1 });
    await worker.exchange({ free: [0] });
    clock.advance(15_001);
    await settled();
    expect(host.state.trials[0]).toMatchObject({ state: 'queued' });
    const second = scriptedWorker(() => coordinator, 'second', 1);
    await second.register();
    expect((await second.exchange({ free: [0] })).trials[0]).toMatchObject({ attempt: 2 });
    await worker.register();
    const late = await worker.exchange({ reports: [worker.report(0, 0.9)] });
    expect(late.rejected).toMatchObject([{ code: 'attempt.stale' }]);
  });

  it('is renewed by any exchange', async () => {
    const { worker, clock, host } = await started({ trials: 1 });
    await worker.exchange({ free: [0] });
    for (let beat = 0; beat < 5; beat++) {
      clock.advance(10_000);
      await worker.exchange({});
    }
    expect(host.state.trials[0]).toMatchObject({ state: 'running' });
  });

  it('does not expire the moment after the coordinator itself stood still, but one time later', async () => {
    const { worker, clock, host } = await started({ trials: 1 });
    await worker.exchange({ free: [0] });
    const { monotonic } = clock;
    Object.assign(clock, { monotonic: () => monotonic() + 20_000 });
    clock.advance(15_001);
    await settled();
    expect(host.state.trials[0]).toMatchObject({ state: 'running' });
    clock.advance(15_001);
    await settled();
    expect(host.state.trials[0]).toMatchObject({ state: 'queued' });
  });
});

describe('a run', () => {
  it('that is drained before its first commit is drained', async () => {
    const clock = manualClock();
    const coordinator = createCoordinator(memoryStore(), clock);
    const host = await coordinator.open(specWith({ trials: 9 }));
    const done = coordinator.run(host, { slots: 2, keepGoing: false, files: '/tmp' });
    coordinator.drain('Ctrl-C');
    expect(await done).toBe('drained');
  });

  it('whose time is over ends although no worker is there', async () => {
    const clock = manualClock();
    const coordinator = createCoordinator(memoryStore(), clock);
    const host = await coordinator.open(specWith({ time: '60s' }));
    const done = coordinator.run(host, { slots: 2, keepGoing: false, files: '/tmp' });
    await settled();
    clock.advance(60_000);
    expect(await done).toBe('budget-time');
  });

  it('that was killed has used no time since, whatever people change meanwhile', async () => {
    const clock = manualClock();
    const store = memoryStore();
    const killed = createCoordinator(store, clock);
    const spec = specWith({ trials: 9, time: '60s' });
    void killed.run(await killed.open(spec), { slots: 2, keepGoing: false, files: '/tmp' });
    await settled();
    const worker = scriptedWorker(() => killed, 'first', 2);
    await worker.register();
    clock.advance(10_000);
    await worker.exchange({ free: [0] });
    const day = manualClock(clock.now() + 86_400_000);
    const coordinator = createCoordinator(store, day);
    await coordinator.enqueue(coordinator.host('study'), { x: 0.5 });
    const host = await coordinator.open(specWith({ trials: 10, time: '60s' }));
    expect(host.nextWork()).toMatchObject({ work: 'queued' });
    void coordinator.run(host, { slots: 2, keepGoing: false, files: '/tmp' });
    await settled();
    expect(coordinator.status(host).elapsedMs).toBe(10_000);
  });

  it('ends with its budget once every worker has left', async () => {
    const { worker, done } = await started({ trials: 1 });
    await worker.exchange({ free: [0] });
    const { commands } = await worker.exchange({
      reports: [worker.report(0, 0.5)],
      ended: [worker.end(0, 0)],
      free: [0],
    });
    expect(commands).toMatchObject([{ command: 'quit' }]);
    await worker.exchange({ leaving: true });
    expect(await done).toBe('budget-trials');
  });

  it('that is drained gives no more trials and leaves the running ones in the queue', async () => {
    const { coordinator, worker, done, host } = await started({ trials: 9 });
    await worker.exchange({ free: [0] });
    coordinator.drain('Ctrl-C');
    const { commands, trials } = await worker.exchange({ free: [1] });
    expect(trials).toEqual([]);
    expect(commands).toMatchObject([{ command: 'drain' }]);
    const preempted = { ...worker.end(0, 0), end: 'preempted' as const };
    await worker.exchange({ draining: true, ended: [preempted] });
    await worker.exchange({ draining: true, leaving: true });
    expect(await done).toBe('drained');
    expect(host.state.trials[0]).toMatchObject({ state: 'queued' });
  });

  it('that is drained, and then ended at once, tells its workers both at once', async () => {
    const { coordinator, worker, clock } = await started({ trials: 9 });
    await worker.exchange({ free: [0] });
    coordinator.drain('Ctrl-C');
    expect((await worker.exchange({})).commands).toMatchObject([{ command: 'drain' }]);
    const poll = worker.exchange({ draining: true, waitMs: 60_000 });
    await settled();
    coordinator.quit('Ctrl-C again');
    expect((await poll).commands).toEqual([{ command: 'quit', reason: 'Ctrl-C again' }]);
    expect((await worker.exchange({ draining: true })).commands).toEqual([]);
    clock.advance(5_000);
    expect((await worker.exchange({ draining: true })).commands).toMatchObject([
      { command: 'quit' },
    ]);
  });

  it('that is stopped by a person ends running trials with their value', async () => {
    const { coordinator, worker, done, host } = await started({ trials: 9 });
    await worker.exchange({ free: [0] });
    await worker.exchange({ reports: [worker.report(0, 0.5)] });
    await coordinator.stopStudy(host, 'seen enough');
    const { commands } = await worker.exchange({});
    expect(commands).toMatchObject([{ command: 'stop', trial: 0 }]);
    await worker.exchange({ ended: [{ ...worker.end(0, 0), end: 'stopped' }], free: [0, 1] });
    await worker.exchange({ leaving: true });
    expect(await done).toBe('stopped');
    expect(host.state.trials).toMatchObject([{ state: 'stopped', value: 0.5 }]);
  });

  it('ends at its time budget although nobody asks', async () => {
    const { worker, clock, done } = await started({ trials: 9, time: '60s' });
    await worker.exchange({ free: [0] });
    for (let beat = 0; beat < 5; beat++) {
      clock.advance(11_000);
      await worker.exchange({});
    }
    clock.advance(4_000);
    const poll = worker.exchange({ waitMs: 5_000 });
    await settled();
    clock.advance(1_000);
    expect((await poll).commands).toMatchObject([{ command: 'stop', trial: 0 }]);
    const { commands } = await worker.exchange({
      ended: [{ ...worker.end(0, 0), end: 'stopped' }],
      free: [0],
    });
    expect(commands).toMatchObject([{ command: 'quit' }]);
    await worker.exchange({ leaving: true });
    expect(await done).toBe('budget-time');
  });
});

interface Started {
  coordinator: Coordinator;
  clock: ManualClock;
  host: StudyHost;
  worker: ScriptedWorker;
  done: Promise<string>;
}

async function started(budget: { trials: number; time?: string }): Promise<Started> {
  const clock = manualClock();
  const coordinator = createCoordinator(memoryStore(), clock);
  const host = await coordinator.open(specWith(budget));
  const done = coordinator.run(host, { slots: 2, keepGoing: false, files: '/tmp' });
  await settled();
  const worker = scriptedWorker(() => coordinator, 'first', 2);
  await worker.register();
  return { coordinator, clock, host, worker, done };
}
