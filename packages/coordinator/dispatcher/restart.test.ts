import { manualClock } from '@fleetune/platform/testing';
import { describe, expect, it } from 'vitest';
import { createCoordinator, type Coordinator } from '../coordinator.ts';
import { memoryStore, type Store } from '../store/index.ts';
import { scriptedWorker, settled, specWith } from './testing/scripted-worker.ts';

describe('a coordinator that takes up the runs of a dead one', () => {
  it('goes on with its workers and their trials as if nothing had been', async () => {
    const { worker, restart } = await begin();
    await worker.exchange({ free: [0] });
    await worker.exchange({ reports: [worker.report(0, 0.5)] });
    const { host } = await restart();
    const { rejected, trials } = await worker.exchange({ ended: [worker.end(0, 0)], free: [0] });
    expect(rejected).toEqual([]);
    expect(trials).toMatchObject([{ trial: 1, attempt: 1, slot: 0 }]);
    expect(host.state.trials[0]).toMatchObject({ state: 'completed', value: 0.5 });
    expect(host.state.trials[0]!.attempts).toHaveLength(1);
  });

  it('sends a trial again whose assignment was lost with the dead one', async () => {
    const { worker, restart } = await begin();
    const { trials } = await worker.exchange({ free: [0], waitMs: 5_000 }, 1);
    await restart();
    const again = await worker.exchange({ free: [0], waitMs: 5_000 }, 1);
    expect(again.trials).toEqual(trials);
  });

  // Seed 7301074 of the simulator: the slot stood empty, and its trial had no end.
  it('sends it again when the answer went to a copy of an old request', async () => {
    const { worker, restart } = await begin();
    const { trials } = await worker.exchange({ free: [0] }, 7);
    await restart();
    expect((await worker.exchange({ free: [0] }, 5)).trials).toEqual(trials);
    expect((await worker.exchange({ free: [0] }, 7)).trials).toEqual(trials);
  });

  // Seed 91001946: idle slots waited for a reserve that its worker never had.
  it('hands out what waits behind a trial before it asks to have that back', async () => {
    const { worker, restart } = await begin(2);
    await worker.exchange({ free: [0] });
    await worker.exchange({ reports: [worker.report(0, 0.5)] });
    const { trials } = await worker.exchange({ reserve: [0] });
    await restart();
    // Slot 1 could have it.
    const poll = worker.exchange({ free: [1], waitMs: 5_000 });
    const answer = await poll;
    expect(answer.trials).toEqual(trials);
    expect(answer.commands).toMatchObject([{ command: 'return', trial: 1 }]);
  });

  // Seed 11 of the simulator: its worker took it for another one, and began the program twice.
  it('sends an attempt again by the same sign when it was a reserve that has begun since', async () => {
    const { worker, restart, clock } = await begin();
    const first = await worker.exchange({ free: [0] });
    const [reserve] = (await worker.exchange({ reserve: [0] })).trials;
    clock.advance(1_000);
    await worker.exchange(worker.done(first.trials));
    await restart();
    const { trials } = await worker.exchange({ free: [0] });
    const { trial, attempt, createdAt } = reserve!;
    expect(trials).toMatchObject([{ trial, attempt, createdAt }]);
  });

  it('sends nothing again that its worker has spoken of', async () => {
    const { worker, restart } = await begin();
    await worker.exchange({ free: [0] });
    await worker.exchange({ reports: [worker.report(0, 0.5)] });
    await restart();
    expect((await worker.exchange({ free: [0] })).trials).toEqual([]);
  });

  it('takes a result once that is said to both', async () => {
    const { worker, restart } = await begin();
    await worker.exchange({ free: [0] });
    const facts = { reports: [worker.report(0, 0.5)], ended: [worker.end(0, 0)] };
    await worker.exchange(facts, 2);
    const { host } = await restart();
    const ends = (): number => host.state.attemptsEnded;
    const before = ends();
    const { rejected } = await worker.exchange({ ended: facts.ended }, 2);
    expect(rejected).toEqual([]);
    expect(ends()).toBe(before);
  });

  it('waits one lease for each worker, and gives up who says nothing', async () => {
    const { worker, restart, die, clock } = await begin();
    await worker.exchange({ free: [0] });
    await die();
    clock.advance(60_000);
    const { host, coordinator } = await restart();
    clock.advance(14_999);
    expect(host.state.trials[0]).toMatchObject({ state: 'running' });
    clock.advance(1);
    expect(host.state.trials[0]).toMatchObject({ state: 'queued' });
    expect(coordinator.workers()).toEqual([]);
    await expect(worker.exchange({})).rejects.toMatchObject({ code: 'worker.unknown' });
  });

  it('hears nothing of processes that were gone before', async () => {
    const { worker, restart, at } = await begin();
    const before = worker.identity();
    await worker.register();
    await restart();
    const { dispatcher } = at();
    await expect(dispatcher.exchange(before)).rejects.toMatchObject({ code: 'worker.superseded' });
    const late = { ...before, host: 'test', pid: 1, slots: 2 };
    await expect(dispatcher.register(late)).rejects.toMatchObject({ code: 'worker.superseded' });
    expect((await worker.exchange({ free: [0] })).trials).toHaveLength(1);
  });

  it('knows who was paused', async () => {
    const { worker, restart, at } = await begin();
    await at().pauseWorker('first', 'a look at it');
    const { coordinator } = await restart();
    expect(coordinator.workers()).toMatchObject([{ state: 'paused', reason: 'a look at it' }]);
    expect((await worker.exchange({ free: [0] })).trials).toEqual([]);
    await coordinator.resumeWorker('first', 'all is well');
    expect((await worker.exchange({ free: [0] })).trials).toHaveLength(1);
  });

  it('takes a worker for paused that only one of its studies has heard of', async () => {
    const { worker, restart, at, clock } = await begin();
    clock.advance(1_000);
    const other = await at().open(specWith({ trials: 9 }, { name: 'other' }));
    void at().run(other, { keepGoing: true, files: '/files', shared: true });
    const reason = { code: 'user', text: 'a look at it' };
    await at().control(at().host('study'), { kind: 'drain-worker', worker: 'first', reason });
    const { coordinator } = await restart();
    expect(coordinator.workers()).toMatchObject([{ state: 'paused', reason: 'a look at it' }]);
    expect((await worker.exchange({ free: [0, 1] })).trials).toEqual([]);
    await coordinator.resumeWorker('first', 'all is well');
    expect((await worker.exchange({ free: [0, 1] })).trials).toHaveLength(2);
  });

  it('does not count the time without one', async () => {
    const { worker, restart, die, clock } = await begin();
    clock.advance(1_000);
    await worker.exchange({ free: [0] });
    await die();
    clock.advance(60_000);
    const { host, coordinator } = await restart();
    expect(coordinator.status(host).elapsedMs).toBe(1_000);
  });

  it.each([
    ['under its coordinator', false],
    ['between two of them', true],
  ])('books no day for a wall clock that was set forward %s', async (_, dies) => {
    const { worker, restart, jump, clock } = await begin();
    await worker.exchange({ free: [0] });
    const goOn = async (from: number) => {
      clock.advance(1_000);
      await worker.exchange({ reports: [{ ...worker.report(0, 0.5), from }] });
    };
    await goOn(0);
    jump(86_400_000);
    if (dies) await restart();
    await goOn(1);
    const { host, coordinator } = await restart();
    clock.advance(20_000);
    expect(host.state.trials[0]).toMatchObject({ state: 'queued' });
    expect(coordinator.workers()).toEqual([]);
    expect(host.state.ledger.totals).toMatchObject({ allocatedUs: 2_000_000 });
    expect(coordinator.status(host).elapsedMs).toBeLessThan(60_000);
  });

  // The simulator's swarm found it: the attempt that its worker had never got was never given to anybody else either.
  it('hands out a trial whose start was written when the end before it, of another study, was not', async () => {
    const stored = memoryStore();
    let losing: number | undefined;
    const { worker, restart, die, at, clock } = await begin(9, {
      ...stored,
      append(take) {
        const append = take();
        return append.study === losing ? Promise.resolve() : stored.append(() => append);
      },
    });
    await worker.exchange({ free: [0] });
    const other = await at().open(specWith({ trials: 1 }, { name: 'other' }));
    void at().run(other, { keepGoing: true, files: '/files', shared: true });
    const { trials } = await worker.exchange({ free: [1] });
    expect(trials).toMatchObject([{ study: 'other', trial: 0 }]);
    losing = other.id;
    const { ended, reports } = worker.done(trials);
    clock.advance(1_000);
    await worker.exchange({ ended, reports, free: [1] });
    await die();
    losing = undefined;
    await restart();
    const again = await worker.exchange({ ended, reports, free: [1] });
    expect(again.rejected).toEqual([]);
    expect(again.trials).toMatchObject([{ study: 'study', trial: 1, slot: 1 }]);
  });

  it('ends a run that had nothing left to do', async () => {
    const { worker, restart } = await begin(1);
    const { trials } = await worker.exchange({ free: [0] });
    await worker.exchange({ ...worker.done(trials) });
    const { ends } = await restart();
    expect(await Promise.all(ends)).toEqual([]);
  });
});

describe('a coordinator that shuts down', () => {
  it('answers nobody any more, with a code that means: try again', async () => {
    const { worker, at } = await begin();
    const poll = worker.exchange({ free: [], waitMs: 5_000 });
    await settled();
    await at().shutdown();
    expect(await poll).toMatchObject({ trials: [], commands: [] });
    await expect(worker.exchange({})).rejects.toMatchObject({ code: 'coordinator.closing' });
    await expect(worker.register()).rejects.toMatchObject({ info: { retryable: true } });
  });

  it('leaves its runs open for the next one', async () => {
    const { worker, restart, at } = await begin();
    await worker.exchange({ free: [0] });
    await at().shutdown();
    const { host } = await restart();
    expect(host.state.trials[0]).toMatchObject({ state: 'running' });
    expect((await worker.exchange({ ended: [worker.end(0, 0)] })).rejected).toEqual([]);
  });
});

/** One shared run with a worker of two slots, and its coordinator's death and successor. */
async function begin(trials = 9, store: Store = memoryStore()) {
  const clock = manualClock();
  let wallMs = 0;
  const machine = { ...clock, now: () => clock.now() + wallMs };
  let coordinator: Coordinator = createCoordinator(store, machine);
  const host = await coordinator.open(specWith({ trials }));
  void coordinator.run(host, { keepGoing: true, files: '/files', shared: true });
  await settled();
  const at = (): Coordinator => coordinator;
  const worker = scriptedWorker(at, 'first', 2);
  await worker.register();
  return {
    clock,
    worker,
    at,
    /** Somebody sets the machine's clock. */
    jump: (ms: number) => void (wallMs += ms),
    /** Its timers stop, and its runs stay open. */
    die: () => coordinator.shutdown(),
    async restart() {
      await coordinator.shutdown();
      coordinator = createCoordinator(store, machine);
      const resumed = await coordinator.resumeOpenRuns(() => '/files');
      const ends = resumed.map(({ ended }) => ended);
      return { coordinator, ends, host: coordinator.host('study') };
    },
  };
}
