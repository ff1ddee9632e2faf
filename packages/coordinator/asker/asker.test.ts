import { readStudy, type StudySpec } from '@fleetune/core';
import { manualClock, type ManualClock } from '@fleetune/platform/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCoordinator, type Coordinator } from '../coordinator.ts';
import { memoryStore, type Store } from '../store/index.ts';
import type { StudyHost } from '../study-host.ts';
import type { Asked, Asker, AttemptId } from './asker.ts';

let store: Store;
let clock: ManualClock;
let coordinator: Coordinator;
let host: StudyHost;
let asker: Asker;
let ended: Promise<string>;

beforeEach(() => open({}));

async function open(changes: object): Promise<void> {
  store = memoryStore();
  clock = manualClock();
  coordinator = createCoordinator(store, clock);
  host = await coordinator.open(spec(changes));
  ended = coordinator.run(host, { keepGoing: true, files: '/files', shared: true });
  asker = coordinator.asker(host);
}

describe('a trial that is asked for', () => {
  it('has a lease: without a word it goes back to the queue, and what comes late is stale', async () => {
    const first = await ask();
    clock.advance(9_999);
    expect(host.state.counts.running).toBe(1);
    clock.advance(1);
    expect(host.state.counts).toMatchObject({ queued: 1, running: 0 });
    expect(host.state.failures).toEqual({ lost: 1 });
    await expect(asker.tell(first, { metrics: { loss: 1 } })).rejects.toMatchObject({
      code: 'attempt.stale',
    });
    await expect(asker.report(first, { metrics: { loss: 1 } })).rejects.toMatchObject({
      code: 'attempt.stale',
    });
    expect(await ask()).toMatchObject({ trial: first.trial, attempt: 2 });
  });

  it('keeps its lease by reports', async () => {
    const id = await ask();
    for (let step = 1; step <= 5; step++) {
      clock.advance(9_000);
      expect(await asker.report(id, { metrics: { loss: 1 / step } })).toEqual({ stop: false });
    }
    expect(await asker.tell(id, {})).toBe('completed');
    expect(host.state.trials[0]).toMatchObject({ value: 0.2, reports: 5 });
  });

  it('hears once, by the answer to a report, that somebody wants a checkpoint', async () => {
    const id = await ask();
    const other = await ask();
    const reason = { code: 'user', text: 'the power will be cut' };
    await coordinator.control(host, { kind: 'checkpoint-trial', trial: id.trial, reason });
    const answers = [];
    for (const of of [other, id, id])
      answers.push(await asker.report(of, { metrics: { loss: 1 } }));
    expect(answers).toEqual([{ stop: false }, { stop: false, checkpoint: true }, { stop: false }]);
  });

  it('told twice counts once; told otherwise is refused and changes nothing', async () => {
    const id = await ask();
    expect(await asker.tell(id, { metrics: { loss: 0.5 } })).toBe('completed');
    const { lastEvent } = host.state;
    expect(await asker.tell(id, { metrics: { loss: 0.5 } })).toBe('completed');
    for (const other of [{ metrics: { loss: 0.25 } }, { end: 'crashed' as const }]) {
      await expect(asker.tell(id, other)).rejects.toMatchObject({ code: 'attempt.told' });
    }
    expect(host.state.lastEvent).toBe(lastEvent);
    expect(host.state.trials[0]).toMatchObject({ value: 0.5 });
  });

  it('told twice counts once, also where an earlier attempt had reached the full fidelity', async () => {
    await open({ fidelity: { metric: 'epoch', min: 1, max: 9 } });
    const first = await ask();
    await asker.report(first, { step: 9, metrics: { loss: 0.5 } });
    clock.advance(10_000);
    const id = await ask();
    expect(id).toMatchObject({ trial: first.trial, attempt: 2 });
    expect(await asker.tell(id, { metrics: { loss: 0.25 } })).toBe('completed');
    expect(await asker.tell(id, { metrics: { loss: 0.25 } })).toBe('completed');
    expect(host.state.trials[0]).toMatchObject({ value: 0.5 });
  });

  it('told without the objective is refused with its place, and stays yours', async () => {
    const id = await ask();
    await expect(asker.tell(id, { metrics: { los: 0.5 } })).rejects.toMatchObject({
      info: { code: 'input.missing', place: 'metrics.loss' },
    });
    expect(host.state.counts.running).toBe(1);
    expect(await asker.tell(id, { metrics: { loss: 0.5 } })).toBe('completed');
  });

  it('of another attempt, another trial or a worker is stale', async () => {
    const id = await ask();
    const others = [
      [{ ...id, attempt: 2 }, 'attempt.stale'],
      [{ ...id, attempt: 0 }, 'attempt.stale'],
      [{ ...id, trial: 7 }, 'trial.not-found'],
    ] as const;
    for (const [other, code] of others) {
      await expect(asker.tell(other, { metrics: { loss: 1 } })).rejects.toMatchObject({ code });
    }
    expect(host.state.counts.running).toBe(1);
  });

  it('by someone who has gone before the answer goes back to the queue', async () => {
    const gone = new AbortController();
    const asking = asker.ask({ leaseMs: 10_000, signal: gone.signal });
    gone.abort();
    await asking;
    expect(host.state.counts).toMatchObject({ queued: 1, running: 0 });
    expect(await asker.ask({ signal: gone.signal })).toHaveProperty('wait');
  });

  it('survives a restart of the coordinator, with a new lease', async () => {
    const id = await ask();
    await coordinator.shutdown();
    coordinator = createCoordinator(store, clock);
    const [resumed] = await coordinator.resumeOpenRuns(() => '/files');
    host = resumed!.host;
    clock.advance(60_000);
    expect(await coordinator.asker(host).tell(id, { metrics: { loss: 0.5 } })).toBe('completed');
  });
});

describe('whoever asks', () => {
  it('waits while only running trials can bring more, and then hears so', async () => {
    await open({ budget: { trials: 1 } });
    const id = await ask();
    const waiting = asker.ask({ waitMs: 5_000 });
    clock.advance(5_000);
    expect(await waiting).toMatchObject({ wait: { code: 'budget-trials' } });
    const second = asker.ask({ waitMs: 5_000 });
    await asker.tell(id, { end: 'crashed' });
    expect(await second).toMatchObject({ trial: id.trial, attempt: 2 });
  });

  it('hears of the end, which is the end of the run', async () => {
    await open({ budget: { trials: 1 } });
    const id = await ask();
    const waiting = asker.ask({ waitMs: 60_000 });
    await asker.tell(id, { metrics: { loss: 1 } });
    expect(await waiting).toMatchObject({ ended: { end: 'budget-trials' } });
    expect(await ended).toBe('budget-trials');
  });

  it('hears of the end when a small space is used up', async () => {
    const space = { x: { type: 'categorical', choices: ['a', 'b'] } };
    await open({ space, sampler: 'grid', budget: { trials: 10 } });
    for (let i = 0; i < 2; i++) await asker.tell(await ask(), { metrics: { loss: i } });
    expect(await asker.ask()).toMatchObject({ ended: { end: 'exhausted' } });
    expect(await ended).toBe('exhausted');
  });

  it('is told to stop by the answer to a report when a person stops the trial', async () => {
    const id = await ask();
    const reason = { code: 'user', text: 'enough' };
    await coordinator.control(host, { kind: 'stop-trial', trial: 0, as: 'stopped', reason });
    expect(await asker.report(id, { metrics: { loss: 1 } })).toEqual({ stop: true, reason });
    expect(await asker.tell(id, {})).toBe('stopped');
    expect(await asker.tell(id, {})).toBe('stopped');
  });

  it.each(['pause-trial', 'drain-trial'] as const)(
    'hears of a %s by a report, and tells it off',
    async (kind) => {
      const id = await ask();
      await coordinator.control(host, { kind, trial: 0, reason: { code: 'user', text: 'later' } });
      expect(await asker.report(id, { metrics: { loss: 1 } })).toMatchObject({ stop: true });
      expect(await asker.tell(id, {})).toBe(kind === 'pause-trial' ? 'paused' : 'queued');
      expect(host.state.counts.running).toBe(0);
    },
  );

  it('gets nothing while the study is paused', async () => {
    await coordinator.control(host, {
      kind: 'pause-study',
      reason: { code: 'user', text: 'lunch' },
    });
    expect(await asker.ask({ waitMs: 0 })).toMatchObject({ wait: { text: 'lunch' } });
    const waiting = asker.ask();
    await coordinator.control(host, {
      kind: 'resume-study',
      reason: { code: 'user', text: 'back' },
    });
    expect(await waiting).toMatchObject({ trial: 0 });
  });
});

it('a study without a command gives no worker its trials', async () => {
  const worker = { worker: 'w', incarnation: '1' };
  await coordinator.dispatcher.register({ protocol: 1, ...worker, host: 'h', pid: 1, slots: 1 });
  const { trials } = await coordinator.dispatcher.exchange({
    ...{ protocol: 1, ...worker, seq: 1, nowUs: 0, ended: [], reports: [], waitMs: 0 },
    free: [0],
  });
  expect(trials).toEqual([]);
  expect(host.state.workers.size).toBe(0);
});

async function ask(): Promise<AttemptId & Asked> {
  const asked = await asker.ask({ leaseMs: 10_000 });
  if (!('trial' in asked)) throw new Error(`no trial: ${JSON.stringify(asked)}`);
  return { ...asked, trial: asked.trial, attempt: asked.attempt };
}

function spec(changes: object): StudySpec {
  const raw = {
    name: 'asked',
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    budget: { trials: 9 },
    ...changes,
  };
  const read = readStudy(raw, { cwd: '/', seed: 1, withoutCommand: true });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
}
