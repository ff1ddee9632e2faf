import { manualClock, type ManualClock } from '@fleetune/platform/testing';
import { describe, expect, it } from 'vitest';
import { createCoordinator, type Coordinator } from '../coordinator.ts';
import { memoryStore } from '../store/index.ts';
import type { StudyHost } from '../study-host.ts';
import { scriptedWorker, settled, specWith } from './testing/scripted-worker.ts';

describe('studies that share workers', () => {
  it('get free slots in turn: the one with the fewest trials under way, the oldest of equals', async () => {
    const { coordinator, worker } = await begin(6);
    await submit(coordinator, 'a');
    await submit(coordinator, 'b');
    const { trials } = await worker.exchange({ free: [0, 1, 2] });
    expect(trials.map(({ study }) => study)).toEqual(['a', 'b', 'a']);
    await submit(coordinator, 'late');
    const next = await worker.exchange({ free: [3, 4, 5] });
    expect(next.trials.map(({ study }) => study)).toEqual(['late', 'b', 'late']);
  });

  it('have at most as many trials at a time as they were given slots', async () => {
    const { coordinator, worker } = await begin(4);
    await submit(coordinator, 'a', { slots: 1 });
    const { trials } = await worker.exchange({ free: [0, 1, 2, 3] });
    expect(trials).toHaveLength(1);
    expect(coordinator.workers()[0]!.slots[3]!.waiting?.reason.code).toBe('slots');
    expect((await worker.exchange({ ...worker.done(trials), free: [0] })).trials).toHaveLength(1);
  });

  it('that were given no number of slots may use all, and their time left is told so', async () => {
    const { coordinator, worker, clock } = await begin(2);
    const { host } = await submit(coordinator, 'a', { trials: 11 });
    const { trials } = await worker.exchange({ free: [0] });
    clock.advance(1_000);
    const facts = worker.done(trials);
    const ended = facts.ended.map((it) => ({ ...it, exitedUs: it.spawnedUs + 1_000_000 }));
    await worker.exchange({ ...facts, ended, free: [0] });
    // Ten trials of a second on two slots.
    expect(coordinator.status(host).etaMs).toBe(5_000);
  });

  it('come and go while workers stay; a parked poll gets the newcomer', async () => {
    const { coordinator, worker } = await begin(1);
    const poll = worker.exchange({ free: [0], waitMs: 5_000 });
    await settled();
    const { ended } = await submit(coordinator, 'a', { trials: 1 });
    const { trials } = await poll;
    expect(trials).toMatchObject([{ study: 'a', trial: 0 }]);
    const last = await worker.exchange({ ...worker.done(trials), free: [0] });
    expect(last.commands).toEqual([]);
    expect(await ended).toBe('budget-trials');
    await submit(coordinator, 'b');
    expect((await worker.exchange({ free: [0] })).trials).toMatchObject([{ study: 'b' }]);
  });

  it('are drained one by one: its trials go back to its queue, the other goes on', async () => {
    const { coordinator, worker } = await begin(2);
    const a = await submit(coordinator, 'a');
    await submit(coordinator, 'b');
    const { trials } = await worker.exchange({ free: [0, 1] });
    await coordinator.drainStudy(a.host, 'enough for now');
    const { commands } = await worker.exchange({});
    expect(commands).toMatchObject([{ command: 'stop', study: 'a', trial: 0 }]);
    const stopped = worker.done(trials.slice(0, 1)).ended.map((it) => ({ ...it, end: 'stopped' }));
    const next = await worker.exchange({ ended: stopped as never, free: [0] });
    expect(next.trials).toMatchObject([{ study: 'b' }]);
    expect(await a.ended).toBe('drained');
    expect(a.host.state.trials[0]).toMatchObject({ state: 'queued' });
  });

  it('sum to the time of the slots that they share, to the microsecond', async () => {
    const { coordinator, worker, clock } = await begin(2);
    const a = await submit(coordinator, 'a', { trials: 3 });
    const b = await submit(coordinator, 'b', { trials: 4 });
    let { trials } = await worker.exchange({ free: [0, 1] });
    let lastUs = 0;
    while (trials.length > 0) {
      clock.advance(10);
      const facts = worker.done(trials);
      lastUs = Math.max(lastUs, ...facts.ended.map(({ exitedUs }) => exitedUs));
      const free = trials.map(({ slot }) => slot);
      ({ trials } = await worker.exchange({ ...facts, free, nowUs: lastUs }));
    }
    await Promise.all([a.ended, b.ended]);
    const allocated = [a, b].map(({ host }) => host.state.ledger.totals.allocatedUs);
    expect(allocated[0]! + allocated[1]!).toBe(2 * lastUs);
  });
});

describe('a worker', () => {
  it('that is paused gets nothing of any study, also of later ones, until it is resumed', async () => {
    const { coordinator, worker } = await begin(1);
    await coordinator.pauseWorker('first', 'a look at it');
    await submit(coordinator, 'a');
    expect((await worker.exchange({ free: [0] })).trials).toEqual([]);
    expect(coordinator.workers()).toMatchObject([{ state: 'paused', reason: 'a look at it' }]);
    const poll = worker.exchange({ free: [0], waitMs: 5_000 });
    await settled();
    await coordinator.resumeWorker('first', 'all is well');
    expect((await poll).trials).toMatchObject([{ study: 'a' }]);
  });

  it('is told to leave, and how; unknown ones are refused', async () => {
    const { coordinator, worker } = await begin(1);
    await submit(coordinator, 'a');
    await coordinator.drainWorker('first', 'maintenance');
    const { commands, trials } = await worker.exchange({ free: [0] });
    expect(commands).toEqual([{ command: 'drain', reason: 'maintenance' }]);
    expect(trials).toEqual([]);
    await coordinator.stopWorker('first', 'at once');
    expect((await worker.exchange({})).commands).toEqual([{ command: 'quit', reason: 'at once' }]);
    await expect(coordinator.drainWorker('nobody', 'x')).rejects.toMatchObject({
      code: 'worker.unknown',
    });
    await expect(coordinator.pauseWorker('nobody', 'x')).rejects.toMatchObject({
      code: 'worker.unknown',
    });
  });

  it('whose host cannot set up the study gets no more of it, and its trial is nobody’s failure', async () => {
    const { coordinator, worker } = await begin(1);
    const { host } = await submit(coordinator, 'a', { trials: 5, setup: [['make']] });
    const { trials } = await worker.exchange({ free: [0] });
    expect(trials[0]!.program.setup).toEqual([['make']]);
    const ended = worker.done(trials).ended.map((it) => ({
      ...it,
      end: 'crashed' as const,
      why: 'make: not found',
      setupFailed: true as const,
    }));
    expect((await worker.exchange({ ended, free: [0] })).trials).toEqual([]);
    expect(host.state.trials[0]).toMatchObject({ state: 'queued' });
    expect(coordinator.workers()[0]!.slots[0]!.waiting?.reason).toMatchObject({
      code: 'setup-failed',
      text: 'make: not found',
    });
  });
});

describe('a run', () => {
  it('of a study that runs already, or beside one with workers of its own, is refused', async () => {
    const { coordinator } = await begin(1);
    const { host } = await submit(coordinator, 'a');
    const again = coordinator.run(host, { keepGoing: true, files: '/files', shared: true });
    await expect(again).rejects.toMatchObject({ code: 'study.running' });
    const alone = createCoordinator(memoryStore(), manualClock());
    const own = await alone.open(specWith({ trials: 9 }));
    void alone.run(own, { slots: 1, keepGoing: true, files: '/files' });
    const other = await alone.open(specWith({ trials: 9 }, { name: 'other' }));
    const beside = alone.run(other, { keepGoing: true, files: '/files', shared: true });
    await expect(beside).rejects.toMatchObject({ code: 'request.embedded' });
    const more = specWith({ trials: 9 }, { engine: { type: 'local', slots: 64 } });
    await expect(alone.open(more)).rejects.toMatchObject({ code: 'study.slots-fixed' });
  });
});

async function begin(slots: number) {
  const clock: ManualClock = manualClock();
  const coordinator = createCoordinator(memoryStore(), clock);
  const worker = scriptedWorker(() => coordinator, 'first', slots);
  await worker.register();
  return { clock, coordinator, worker };
}

async function submit(
  coordinator: Coordinator,
  name: string,
  { trials = 100, slots, setup }: { trials?: number; slots?: number; setup?: string[][] } = {},
): Promise<{ host: StudyHost; ended: Promise<string> }> {
  const host = await coordinator.open(specWith({ trials }, { name, ...(setup && { setup }) }));
  const options = { keepGoing: true, files: '/files', shared: true };
  const ended = coordinator.run(host, { ...options, ...(slots && { slots }) });
  await settled();
  return { host, ended };
}
