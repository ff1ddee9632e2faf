import { describe, expect, it } from 'vitest';
import { studyStatus } from '../analysis/study-status.ts';
import type { AttemptEnd } from '../index.ts';
import { bench, type Bench } from '../test/one-slot.ts';
import { specWith, suggestionOf } from '../test/study-driver.ts';
import { nextWork } from './next-work.ts';

/** `w` is the good worker with one slot, `x` the bad one with three. */
function cluster(crashed = 0): Bench {
  const study = bench(specWith({ retries: { crashed }, budget: { trials: 40 } }), 1, true);
  study.send({ kind: 'worker-joined', worker: 'x', host: 'bad', pid: 2, slots: 3 });
  return study;
}

function startOnBad(study: Bench): number {
  const next = nextWork(study.state, study.now, 'x');
  const suggestion = suggestionOf(0.5);
  const refused = study.send({ kind: 'start-attempt', worker: 'x', suggestion });
  if (refused !== undefined || !('trial' in next)) throw new Error(refused);
  return next.trial;
}

function failFast(study: Bench, end: AttemptEnd = 'crashed', ms = 50): number {
  const trial = startOnBad(study);
  study.now += ms;
  study.end(trial, end);
  return trial;
}

function succeed(study: Bench): void {
  const trial = study.start();
  study.report(trial, [1]);
  study.end(trial, 'completed');
}

const held = (study: Bench) => study.state.workers.get('x')!.held?.as;

describe('a worker on which trials in a row fail at once', () => {
  it('is put into quarantine while another one succeeds, and its trials are given back', () => {
    const study = cluster();
    succeed(study);
    study.fresh();
    const failed = [failFast(study), failFast(study), failFast(study)];
    expect(failed).toEqual([1, 2, 3]);
    expect(study.fresh().slice(-6)).toEqual([
      '3 attempt crashed',
      '3 failed',
      'worker-quarantined',
      '1 trial-given-back',
      '2 trial-given-back',
      '3 trial-given-back',
    ]);
    expect(study.state.counts).toMatchObject({ queued: 3, failed: 0 });
    expect(nextWork(study.state, study.now, 'x')).toEqual({
      work: 'wait',
      category: 'drained',
      reason: {
        code: 'fast-failures',
        text: 'trials 1, 2, 3 crashed here at once, one after the other, while others succeed',
      },
    });
    expect(studyStatus(study.state, study.now).held).toMatchObject([
      { worker: 'x', host: 'bad', as: 'quarantined', reason: { code: 'fast-failures' } },
    ]);
    expect(study.start()).toBe(1);
  });

  it('uses up none of their retries', () => {
    const study = cluster(1);
    succeed(study);
    const trials = [startOnBad(study), startOnBad(study), startOnBad(study)];
    for (const trial of trials) study.end(trial, 'crashed');
    expect(held(study)).toBe('quarantined');
    expect(study.start()).toBe(1);
    study.end(1, 'crashed');
    expect(study.state.trials[1]!.state).toBe('queued');
  });

  it('goes on alone: with nobody to compare it may be the program', () => {
    const study = cluster();
    for (let i = 0; i < 5; i += 1) failFast(study);
    expect(held(study)).toBeUndefined();
    succeed(study);
    failFast(study);
    expect(held(study)).toBe('quarantined');
    expect(study.state.workers.get('x')!.held!.reason.text).toBe(
      '6 trials, 3, 4, 6 the last, crashed here at once, one after the other, while others succeed',
    );
    expect(study.state.counts).toMatchObject({ failed: 0, queued: 6 });
  });

  it('is put there as soon as a trial elsewhere has reported, long before it ends', () => {
    const study = cluster();
    const good = study.start();
    for (let i = 0; i < 5; i += 1) failFast(study);
    expect(held(study)).toBeUndefined();
    study.report(good, [1]);
    failFast(study);
    expect(held(study)).toBe('quarantined');
    expect(study.state.counts).toMatchObject({ failed: 0, queued: 6 });
  });

  it('goes on after a report, a success, a slow crash or one trial only', () => {
    const other: ((study: Bench) => void)[] = [
      (study) => {
        const trial = startOnBad(study);
        study.report(trial, [1]);
        study.end(trial, 'crashed');
      },
      (study) => {
        const trial = startOnBad(study);
        study.report(trial, [1]);
        study.end(trial, 'completed');
      },
      (study) => void failFast(study, 'crashed', 10_001),
      (study) => void failFast(study, 'timed-out'),
    ];
    for (const between of other) {
      const study = cluster();
      succeed(study);
      failFast(study);
      failFast(study);
      between(study);
      failFast(study);
      failFast(study);
      expect(held(study)).toBeUndefined();
    }
    const again = cluster(5);
    succeed(again);
    for (let i = 0; i < 4; i += 1) expect(failFast(again)).toBe(1);
    expect(held(again)).toBeUndefined();
  });

  it('goes by a tenth of the median time where that is longer', () => {
    const study = cluster();
    const trial = study.start();
    study.now += 200_000;
    study.report(trial, [1]);
    study.end(trial, 'completed');
    for (let i = 0; i < 3; i += 1) failFast(study, 'crashed', 19_000);
    expect(held(study)).toBe('quarantined');
  });

  it('is not blamed for a trial that crashes at once elsewhere too', () => {
    const study = cluster(1);
    succeed(study);
    failFast(study);
    expect(study.start()).toBe(1);
    study.end(1, 'crashed');
    expect(study.state.workers.get('x')!.row).toEqual([]);
    expect(study.state.workers.get('w')!.row).toEqual([]);
  });

  it('is found beside another that is in quarantine already', () => {
    const study = cluster();
    study.send({ kind: 'worker-joined', worker: 'y', host: 'bad', pid: 3, slots: 1 });
    succeed(study);
    for (let i = 0; i < 3; i += 1) failFast(study);
    for (let i = 0; i < 3; i += 1) {
      study.send({ kind: 'start-attempt', worker: 'y' });
      study.end(i + 1, 'crashed');
    }
    expect(study.state.workers.get('y')!.held?.as).toBe('quarantined');
    expect(study.state.counts).toMatchObject({ failed: 0, queued: 3 });
  });

  it('need not leave a trial without memory for good', () => {
    const study = cluster();
    succeed(study);
    const trials = [startOnBad(study), startOnBad(study), startOnBad(study)];
    for (const trial of trials) study.end(trial, 'out-of-memory');
    expect(held(study)).toBe('quarantined');
    expect(study.state.trials[1]!.solo).toBeUndefined();
    expect(nextWork(study.state, study.now, 'w')).toEqual({ work: 'queued', trial: 1 });
  });

  it('gives back what it still fails then, until a person releases it', () => {
    const study = cluster();
    succeed(study);
    const running = startOnBad(study);
    for (let i = 0; i < 3; i += 1) failFast(study);
    study.end(running, 'crashed');
    expect(study.state.trials[running]!.state).toBe('queued');
    const reason = { code: 'user', text: 'disk replaced' };
    const release = { kind: 'release-worker' as const, worker: 'x', reason };
    expect(study.send(release)).toBeUndefined();
    expect(startOnBad(study)).toBe(2);
    study.fresh();
    study.send(release);
    expect(study.fresh()).toEqual([]);
  });
});
