import { manualClock } from '@fleetune/platform/testing';
import type { ExchangeRequest } from '@fleetune/protocol';
import { describe, expect, it } from 'vitest';
import { createCoordinator } from '../coordinator.ts';
import { memoryStore } from '../store/index.ts';
import { scriptedWorker, settled, specWith } from './testing/scripted-worker.ts';

const fidelity = { fidelity: { metric: 'epoch', min: 1, max: 10 }, scheduler: 'fifo' };

async function begin(more: object, slots = 1) {
  const clock = manualClock();
  const coordinator = createCoordinator(memoryStore(), clock);
  const worker = scriptedWorker(() => coordinator, 'w', slots);
  await worker.register();
  const host = await coordinator.open(specWith({ trials: 99 }, more));
  void coordinator.run(host, { keepGoing: true, files: '/files', shared: true });
  const report = (
    trial: number,
    steps: number,
    attempt = 1,
  ): ExchangeRequest['reports'][number] => ({
    ...{ study: 'study', trial, attempt, from: 0 },
    columns: {
      step: Array.from({ length: steps }, (_, index) => index + 1),
      metrics: { loss: Array.from({ length: steps }, () => 1) },
    },
  });
  const end = (trial: number, ms: number, attempt = 1, slot = 0) => {
    const begun = worker.end(trial, slot, { attempt });
    return { ...begun, exitedUs: begun.spawnedUs + 1000 * ms };
  };
  /** One trial to its end, so that the study knows how long they take. */
  const first = async (steps: number, ms: number): Promise<void> => {
    await worker.exchange({ free: [0], leftMs: 1 });
    await worker.exchange({ reports: [report(0, steps)], ended: [end(0, ms)] });
  };
  return { clock, coordinator, worker, host, report, end, first };
}

describe('a worker that will end', () => {
  it('gets a trial as long as the usual length fits into its time, and leaves when none does', async () => {
    const { worker, first, coordinator } = await begin({});
    await first(1, 60_000);
    const { trials } = await worker.exchange({ free: [0], leftMs: 60_000 });
    expect(trials).toMatchObject([{ trial: 1 }]);
    const { commands, ...none } = await worker.exchange({
      ...worker.done(trials),
      free: [0],
      leftMs: 29_000,
    });
    expect(none.trials).toEqual([]);
    // Of two, the longer one is taken as usual.
    const reason = 'trial 2 would take 1m, and the worker has 29s left';
    expect(commands).toEqual([{ command: 'drain', reason }]);
    expect(coordinator.workers()[0]!.slots[0]!.waiting!.reason).toEqual({
      code: 'walltime',
      text: reason,
    });
  });

  it('keeps what it runs, and is told to leave when that has ended', async () => {
    const { worker, first } = await begin({}, 2);
    await first(1, 60_000);
    await worker.exchange({ free: [0], leftMs: 61_000 });
    const late = await worker.exchange({ free: [1], leftMs: 30_000 });
    expect(late).toMatchObject({ trials: [], commands: [] });
    const { ended, reports } = worker.done([
      { ...late.trials[0]!, study: 'study', trial: 1, attempt: 1, slot: 0 },
    ]);
    const over = await worker.exchange({ ended, reports, free: [0, 1], leftMs: 20_000 });
    expect(over).toMatchObject({ trials: [], commands: [{ command: 'drain' }] });
  });

  it('counts its time down while its poll is parked', async () => {
    const { clock, coordinator, worker, host, first } = await begin({});
    await first(1, 60_000);
    const reason = { code: 'user', text: 'tea' };
    await coordinator.control(host, { kind: 'pause-study', reason });
    const poll = worker.exchange({ free: [0], leftMs: 63_000, waitMs: 5_000 });
    await settled();
    clock.advance(4_000);
    await coordinator.control(host, { kind: 'resume-study', reason });
    expect(await poll).toMatchObject({ trials: [], commands: [{ command: 'drain' }] });
  });

  it('gets a trial of which only the rest is left, where a whole one would not fit', async () => {
    const { coordinator, worker, host, report, end, first } = await begin(fidelity);
    await first(10, 10_000);
    // Trial 1 has done 8 of 10 steps when it is drained.
    await worker.exchange({ free: [0], leftMs: 11_000 });
    const reason = { code: 'user', text: 'tea' };
    await worker.exchange({ reports: [report(1, 8)] });
    await coordinator.control(host, { kind: 'drain-trial', trial: 1, reason });
    const left = { ...end(1, 8_000), end: 'preempted' as const };
    const back = await worker.exchange({ ended: [left], free: [0], leftMs: 2_000 });
    expect(back.trials).toMatchObject([{ trial: 1, attempt: 2 }]);
    const done = await worker.exchange({ ended: [end(1, 2_000, 2)], free: [0], leftMs: 9_999 });
    expect(done).toMatchObject({ trials: [], commands: [{ command: 'drain' }] });
  });

  it('that says nothing of an end gets everything', async () => {
    const { worker, first } = await begin({});
    await first(1, 3_600_000);
    // What was said once holds; another process has said nothing.
    await worker.register();
    expect((await worker.exchange({ free: [0] })).trials).toHaveLength(1);
  });
});
