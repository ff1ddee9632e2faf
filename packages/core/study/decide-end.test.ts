import { describe, expect, it } from 'vitest';
import { bench } from '../test/one-slot.ts';
import { incumbentOf } from '../analysis/incumbent.ts';
import { specWith, withoutFidelity } from '../test/study-driver.ts';

describe('the end of an attempt', () => {
  it('told twice is one end; another end for it is stale', () => {
    const study = bench(specWith());
    study.start();
    study.report(0, [1]);
    expect(study.end(0, 'completed')).toBeUndefined();
    study.fresh();
    expect(study.end(0, 'completed')).toBeUndefined();
    expect(study.fresh()).toEqual([]);
    expect(study.end(0, 'crashed')).toBe('attempt.stale');
  });

  it('told twice stays one end where it was recorded under another name', () => {
    const study = bench(specWith());
    study.start();
    study.end(0, 'completed');
    expect(study.fresh().slice(-2)).toEqual(['0 attempt invalid-metric', '0 failed']);
    expect(study.end(0, 'completed')).toBeUndefined();
    expect(study.fresh()).toEqual([]);
  });

  it('as completed without a value is a failure that says so', () => {
    const study = bench(specWith());
    study.start();
    study.end(0, 'completed', { why: 'exited with 0' });
    expect(study.state.trials[0]).toMatchObject({
      state: 'failed',
      reason: { code: 'no-metric', text: 'exited with 0 without a value of loss' },
    });
    expect(study.changes.at(-1)!.outcome).toEqual({ state: 'failed' });
  });

  it('as crashed is repeated as often as retries allow; lost and preempted cost none', () => {
    const study = bench(specWith({ retries: { crashed: 1 } }));
    study.start();
    for (const end of ['lost', 'preempted', 'crashed', 'lost'] as const) {
      study.end(0, end);
      expect(study.state.trials[0]!.state).toBe('queued');
      expect(study.start()).toBe(0);
    }
    study.end(0, 'crashed', { why: 'exited with 1', tail: ['no such file'] });
    expect(study.state.trials[0]).toMatchObject({
      state: 'failed',
      reason: { text: 'exited with 1, after 1 retry' },
      tail: ['no such file'],
    });
    expect(study.state.failures).toEqual({ lost: 2, crashed: 2 });
  });

  it('as lost, three times in a row within one run, fails the trial: it is the cause', () => {
    const study = bench(specWith(), 1);
    study.start();
    for (const end of ['lost', 'lost', 'preempted', 'lost', 'lost'] as const) {
      study.end(0, end, { why: 'was killed by SIGKILL' });
      expect(study.state.trials[0]!.state).toBe('queued');
      expect(study.start()).toBe(0);
    }
    study.end(0, 'lost', { why: 'was killed by SIGKILL', tail: ['about to die'] });
    expect(study.state.trials[0]).toMatchObject({
      state: 'failed',
      reason: { code: 'poison', text: 'was killed by SIGKILL, 3 times one after the other' },
      tail: ['about to die'],
    });
  });

  it('as lost beside others condemns no trial: the next try is alone, and that one may', () => {
    const study = bench(specWith(), 8);
    const started = Array.from({ length: 8 }, () => study.start());
    for (let loss = 1; loss <= 3; loss++) {
      study.send({ kind: 'worker-left', worker: 'w', how: 'lost', atUs: loss, idle: [] });
      expect(study.state.counts).toMatchObject({ queued: 8, failed: 0 });
      study.send({ kind: 'worker-joined', worker: 'w', host: 'h', pid: loss, slots: 8 });
      if (loss < 3) for (const _ of started) study.start();
    }
    expect(study.state.trials[0]).toMatchObject({
      solo: true,
      reason: { code: 'poison-suspect', text: 'its worker was lost, 3 times one after the other' },
    });
    expect(study.start()).toBe(0);
    study.report(0, [1]);
    study.end(0, 'completed');
    expect(study.start()).toBe(1);
    study.send({ kind: 'worker-left', worker: 'w', how: 'lost', atUs: 9, idle: [] });
    expect(study.state.trials[1]).toMatchObject({
      state: 'failed',
      reason: { code: 'poison', text: 'its worker was lost, 4 times one after the other' },
    });
  });

  it('as lost with its run costs nothing, however often', () => {
    const study = bench(specWith());
    study.start();
    study.end(0, 'lost');
    study.start();
    study.end(0, 'lost');
    for (let kill = 0; kill < 4; kill += 1) {
      study.start();
      study.now += 1000;
      study.send({ kind: 'start-run', slots: 1, keepGoing: false });
      expect(study.state.trials[0]!.state).toBe('queued');
      study.send({ kind: 'worker-joined', worker: 'w', host: 'h', pid: 2 + kill, slots: 1 });
    }
  });

  it('as lost does not count towards three in a row where it got further than before', () => {
    const study = bench(specWith(), 1);
    for (let epochs = 1; epochs <= 5; epochs += 1) {
      study.start();
      study.report(0, Array<number>(epochs).fill(1));
      study.end(0, 'lost');
      expect(study.state.trials[0]!.state).toBe('queued');
    }
    for (const state of ['queued', 'failed']) {
      study.start();
      study.report(0, [1, 1, 1, 1, 1]);
      study.end(0, 'lost');
      expect(study.state.trials[0]!.state).toBe(state);
    }
  });

  it('as timed out keeps a value that was reported, and else is a failure', () => {
    const study = bench(withoutFidelity());
    study.start();
    study.report(0, [3]);
    study.end(0, 'timed-out');
    expect(study.state.trials[0]).toMatchObject({ state: 'stopped', value: 3 });
    study.start();
    study.end(1, 'timed-out');
    expect(study.state.trials[1]!.state).toBe('failed');
  });

  it('uses up the retries of its own class only', () => {
    const retries = { crashed: 1, 'timed-out': 2, 'invalid-metric': 1 };
    const study = bench(specWith({ retries }));
    const ends = ['timed-out', 'crashed', 'invalid-metric', 'timed-out'] as const;
    for (const end of ends) {
      expect(study.start()).toBe(0);
      study.end(0, end);
      expect(study.state.trials[0]!.state).toBe('queued');
    }
    study.start();
    study.end(0, 'timed-out', { why: 'ran for 10m' });
    expect(study.state.trials[0]).toMatchObject({
      state: 'failed',
      reason: { code: 'timed-out', text: 'ran for 10m, after 2 retries' },
    });
  });

  it('of a trial that was told to stop follows that decision, even when its worker is lost', () => {
    for (const end of ['stopped', 'crashed', 'lost', 'completed', 'timed-out'] as const) {
      const study = bench(specWith());
      study.start();
      study.report(0, [1]);
      const reason = { code: 'user', text: 'enough' };
      study.send({ kind: 'stop-trial', trial: 0, as: 'stopped', reason });
      study.end(0, end);
      expect(study.state.trials[0]).toMatchObject({ state: 'stopped', value: 1, reason });
    }
  });

  it('frees the slot, and a requeued trial comes before enqueued and new ones', () => {
    const study = bench(specWith(), 1);
    study.start();
    expect(() => study.start()).toThrow('worker.no-free-slot');
    study.send({ kind: 'enqueue', params: { x: 0.25 } });
    study.end(0, 'lost');
    expect(study.start()).toBe(0);
    study.report(0, [1]);
    study.end(0, 'completed');
    expect(study.start()).toBe(1);
    expect(study.state.trials[1]).toMatchObject({ sampler: 'user', params: { x: 0.25 } });
    study.end(1, 'cancelled');
    expect(study.start()).toBe(2);
  });

  it('of a repeated attempt may begin again at low steps without a warning', () => {
    const study = bench(specWith());
    study.start();
    study.report(0, [5, 4]);
    study.end(0, 'lost');
    study.start();
    study.report(0, [6]);
    expect(study.state.trials[0]).toMatchObject({ value: 4, step: 2, warnings: [] });
    study.report(0, [3.5, 3]);
    expect(study.state.trials[0]).toMatchObject({ value: 3, step: 3 });
    expect(study.state.scheduler!.record(0, { loss: 0, passed: [] })).toBe(2);
  });
});

describe('a value that is none', () => {
  const wrong = (invalidMetric?: 'fail' | 'infeasible' | 'worst') => {
    const study = bench(specWith({ ...(invalidMetric && { invalidMetric }) }));
    study.start();
    study.report(0, [1, 'NaN']);
    study.end(0, 'stopped');
    return study;
  };

  it('fails the trial, or makes it infeasible, as the study file says', () => {
    expect(wrong().state.trials[0]!.state).toBe('failed');
    expect(wrong('fail').state.trials[0]!.state).toBe('failed');
    const study = wrong('infeasible');
    expect(study.state.trials[0]!.state).toBe('infeasible');
    expect(study.changes.at(-1)!.outcome).toEqual({ state: 'infeasible' });
  });

  it('counts as the worst value, which never leads', () => {
    const study = wrong('worst');
    expect(study.state.trials[0]).toMatchObject({
      state: 'completed',
      value: Infinity,
      reason: { code: 'invalid-metric', text: 'reported loss NaN: counts as the worst value' },
    });
    expect(study.changes.at(-1)!.outcome).toEqual({ state: 'completed', loss: Infinity });
    expect(incumbentOf(study.state)).toBeUndefined();
    study.report(study.start(), [7]);
    expect(incumbentOf(study.state)).toMatchObject({ trial: 1, value: 7, step: 1 });
  });

  it('is none of this where no value came at all: that is a failure', () => {
    const study = bench(specWith({ invalidMetric: 'worst' }));
    study.end(study.start(), 'completed');
    expect(study.state.trials[0]).toMatchObject({ state: 'failed', reason: { code: 'no-metric' } });
  });

  it('is tried again as often as retries allow', () => {
    const retries = { crashed: 0, 'invalid-metric': 1 };
    const study = bench(specWith({ retries }));
    study.start();
    study.report(0, ['NaN']);
    study.end(0, 'stopped');
    expect(study.state.trials[0]!.state).toBe('queued');
    study.start();
    study.report(0, [2]);
    expect(study.state.trials[0]!.stopping).toBeUndefined();
    study.end(0, 'completed');
    expect(study.state.trials[0]).toMatchObject({ state: 'completed', value: 2 });
  });
});
