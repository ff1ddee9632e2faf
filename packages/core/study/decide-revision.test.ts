import { describe, expect, it } from 'vitest';
import { incumbentOf } from '../analysis/incumbent.ts';
import { bench, type Bench } from '../test/one-slot.ts';
import { specWith, withoutFidelity } from '../test/study-driver.ts';
import { nextWork } from './next-work.ts';

const reason = { code: 'user', text: 'bad sensor' };
const revise = (study: Bench, kind: 'retry-trial' | 'discard-trial', trial: number) =>
  study.send({ kind, trial, reason });
const correct = (study: Bench, trial: number, value: number | 'NaN' | '-Infinity') =>
  study.send({ kind: 'correct-trial', trial, value, by: 'anna', reason });

function completed(study: Bench, loss: number): number {
  const trial = study.start();
  study.report(trial, [loss, loss, loss], [1, 3, 9]);
  study.end(trial, 'completed');
  return trial;
}

describe('a retry by a person', () => {
  it('sends a failed trial back with all its retries, at no cost to the budget', () => {
    const study = bench(specWith({ budget: { trials: 1 }, retries: { crashed: 1 } }), 4, true);
    study.start();
    study.end(0, 'crashed');
    study.start();
    study.end(0, 'crashed');
    expect(nextWork(study.state, study.now)).toMatchObject({ end: 'budget-trials' });
    expect(revise(study, 'retry-trial', 0)).toBeUndefined();
    expect(study.state.trials[0]).toMatchObject({ state: 'queued', reason });
    expect(study.changes.at(-1)!.outcome).toEqual({ state: 'pending' });
    expect(study.start()).toBe(0);
    study.end(0, 'crashed');
    expect(study.state.trials[0]!.state).toBe('queued');
    study.start();
    study.report(0, [1]);
    study.end(0, 'completed');
    expect(incumbentOf(study.state)!.trial).toBe(0);
  });

  it('lets a stopped trial go on to the next rung, and undoes what its stop saved', () => {
    const study = bench(specWith());
    for (const loss of [1, 2, 3]) study.report(study.start(), [loss]);
    study.report(study.start(), [2.5]);
    study.end(3, 'stopped');
    expect(study.state).toMatchObject({ saved: 8, stoppedAt: [3] });
    revise(study, 'retry-trial', 3);
    expect(study.state).toMatchObject({ saved: 0, stoppedAt: [2], reachedAt: [4] });
    expect(study.start()).toBe(3);
    study.fresh();
    study.report(3, [2.5, 2, 0.5]);
    expect(study.fresh()).toEqual(['reports', '3 rung 1 continue']);
    expect(incumbentOf(study.state)).toMatchObject({ trial: 3, value: 0.5, step: 3 });
  });

  it('takes a value that was cut short back, where there is no fidelity', () => {
    const study = bench(withoutFidelity());
    study.report(study.start(), [3]);
    study.end(0, 'timed-out');
    revise(study, 'retry-trial', 0);
    expect(incumbentOf(study.state)).toBeUndefined();
    study.start();
    study.report(0, [5]);
    study.end(0, 'timed-out');
    expect(incumbentOf(study.state)).toMatchObject({ value: 5 });
  });

  it('is refused for any other trial', () => {
    const study = bench(specWith());
    expect(revise(study, 'retry-trial', 0)).toBe('trial.not-found');
    study.start();
    expect(revise(study, 'retry-trial', 0)).toBe('trial.state');
    study.report(0, [1]);
    study.end(0, 'completed');
    expect(revise(study, 'retry-trial', 0)).toBe('trial.state');
  });

  it('of a trial in an old place of the queue puts it at the end of the repeated ones', () => {
    const study = bench(specWith());
    for (let i = 0; i < 2; i += 1) study.start();
    for (const trial of [0, 1]) study.end(trial, 'preempted');
    study.send({ kind: 'stop-trial', trial: 0, as: 'stopped', reason });
    revise(study, 'retry-trial', 0);
    expect([study.start(), study.start(), study.start()]).toEqual([1, 0, 2]);
  });
});

describe('a discarded result', () => {
  it('is forgotten by incumbent, rungs, samplers and budget; its params may come again', () => {
    const study = bench(specWith({ budget: { trials: 2 } }));
    completed(study, 2);
    completed(study, 0);
    expect(incumbentOf(study.state)).toMatchObject({ trial: 1, value: 0 });
    expect(revise(study, 'discard-trial', 1)).toBeUndefined();
    expect(incumbentOf(study.state)).toMatchObject({ trial: 0, value: 2 });
    expect(study.changes.at(-1)).toMatchObject({ trial: 1, outcome: { state: 'removed' } });
    expect(study.state.reachedAt).toEqual([1, 1, 1]);
    expect(study.state.scheduler!.record(0, { loss: 9, passed: [] })).toBe(2);
    expect(study.state.trials[1]).toMatchObject({ state: 'cancelled', reason, value: 0 });
    expect(study.start()).toBe(2);
    study.fresh();
    expect(revise(study, 'discard-trial', 1)).toBeUndefined();
    expect(study.fresh()).toEqual([]);
  });

  it('has to be there', () => {
    const study = bench(specWith());
    study.start();
    expect(revise(study, 'discard-trial', 0)).toBe('trial.state');
    study.end(0, 'cancelled');
    expect(revise(study, 'discard-trial', 0)).toBe('trial.state');
  });
});

describe('a correction', () => {
  it('moves the incumbent, the rung that the value came from, and what samplers know', () => {
    const study = bench(specWith({ objective: { metric: 'loss', direction: 'maximize' } }));
    completed(study, 9);
    completed(study, 2);
    expect(correct(study, 0, 1)).toBeUndefined();
    expect(incumbentOf(study.state)).toMatchObject({ trial: 1, value: 2 });
    expect(study.state.trials[0]).toMatchObject({
      value: 1,
      passed: [-9, -9, -1],
      metrics: { loss: 1 },
      corrected: { by: 'anna', reason },
    });
    expect(study.changes.at(-1)!.outcome).toEqual({ state: 'completed', loss: -1 });
    expect(study.log.at(-1)).toMatchObject({ kind: 'trial-corrected', was: 9, value: 1 });
    study.fresh();
    correct(study, 0, 1);
    expect(study.fresh()).toEqual([]);
  });

  it('survives a change of the ladder', () => {
    const spec = specWith();
    const study = bench(spec);
    completed(study, 3);
    correct(study, 0, 0.5);
    study.send({ kind: 'change-spec', spec: { ...spec, scheduler: { type: 'asha', eta: 2 } } });
    expect(incumbentOf(study.state)).toMatchObject({ trial: 0, value: 0.5 });
  });

  it('lets a value lead that stood in for an invalid one', () => {
    const study = bench(withoutFidelity({ invalidMetric: 'worst' }));
    study.start();
    study.report(0, ['NaN']);
    study.end(0, 'stopped');
    expect(incumbentOf(study.state)).toBeUndefined();
    correct(study, 0, 3);
    expect(incumbentOf(study.state)).toMatchObject({ trial: 0, value: 3 });
  });

  it('is refused where there is no value, or with one that is none', () => {
    const study = bench(specWith());
    study.start();
    expect(correct(study, 0, 1)).toBe('trial.state');
    study.end(0, 'stopped');
    expect(correct(study, 0, 1)).toBe('trial.state');
    completed(study, 1);
    expect(correct(study, 1, 'NaN')).toBe('input.value');
    expect(correct(study, 1, '-Infinity')).toBe('input.value');
  });
});
