import { describe, expect, it } from 'vitest';
import { bench, type Bench } from '../test/one-slot.ts';
import { decide } from './decide.ts';
import { specWith, withoutFidelity } from '../test/study-driver.ts';

describe('a report', () => {
  it('for anything but the live attempt is refused as stale', () => {
    const study = bench(specWith());
    study.start();
    study.end(0, 'lost');
    study.start();
    const columns = { step: [1], metrics: { loss: [1] } };
    const send = (trial: number, attempt: number) =>
      study.send({ kind: 'report', items: [{ trial, attempt, from: 0, columns }] });
    expect(send(0, 1)).toBe('attempt.stale');
    expect(send(0, 3)).toBe('attempt.stale');
    expect(send(0, 2)).toBeUndefined();
    expect(send(9, 1)).toBe('trial.not-found');
  });

  it('is taken exactly once: rows seen before are skipped, a gap is refused', () => {
    const study = bench(specWith());
    study.start();
    const send = (from: number, losses: number[]) => {
      const columns = { step: losses.map((_, i) => from + i + 1), metrics: { loss: losses } };
      return study.send({ kind: 'report', items: [{ trial: 0, attempt: 1, from, columns }] });
    };
    expect(send(0, [5, 4])).toBeUndefined();
    study.fresh();
    expect(send(0, [5, 4])).toBeUndefined();
    expect(study.fresh()).toEqual([]);
    expect(send(3, [2])).toBe('report.gap');
    expect(send(1, [4, 3])).toBeUndefined();
    expect(study.log.findLast((event) => event.kind === 'reports')!.items[0]).toMatchObject({
      from: 2,
      columns: { step: [3], metrics: { loss: [3] } },
    });
    expect(study.state.trials[0]).toMatchObject({ reports: 3, value: 3, step: 3 });
  });

  it('with columns of unequal length is refused', () => {
    const study = bench(specWith());
    study.start();
    const columns = { step: [1, 2], metrics: { loss: [1] } };
    const items = [{ trial: 0, attempt: 1, from: 0, columns }];
    expect(study.send({ kind: 'report', items })).toBe('report.columns');
  });

  it('of a repeated or decreasing step is not kept, and warns once', () => {
    const study = bench(specWith({ scheduler: { type: 'fifo' } }));
    study.start();
    study.report(0, [3, 9, 9, 2], [2, 2, 1, 3]);
    study.report(0, [7], [3]);
    expect(study.state.trials[0]).toMatchObject({ value: 2, step: 3, reports: 2 });
    const warnings = study.state.trials[0]!.warnings.map(({ code }) => code);
    expect(warnings).toEqual(['report.step-order']);
  });

  it('without a usable step is counted, and warns', () => {
    const study = bench(specWith());
    study.start();
    const columns = { step: ['NaN' as const, 'NaN' as const], metrics: { loss: [3, 2] } };
    study.send({ kind: 'report', items: [{ trial: 0, attempt: 1, from: 0, columns }] });
    expect(study.state.trials[0]).toMatchObject({ value: 2, step: 2 });
    expect(study.state.trials[0]!.warnings.map(({ code }) => code)).toEqual(['report.no-step']);
  });

  it('whose objective is not a number, or infinitely good, stops the trial as failed', () => {
    for (const [direction, wrong] of [
      ['minimize', 'NaN'],
      ['minimize', '-Infinity'],
      ['maximize', 'Infinity'],
    ] as const) {
      const study = bench(specWith({ objective: { metric: 'loss', direction } }));
      study.start();
      study.fresh();
      study.report(0, [1, wrong, 3]);
      expect(study.fresh()).toEqual(['reports', '0 rung 0 continue', '0 stop as failed']);
      study.end(0, 'stopped');
      expect(study.fresh()).toEqual(['0 attempt invalid-metric', '0 failed']);
      expect(study.state.trials[0]!.reason.text).toBe(`reported loss ${wrong}`);
    }
  });

  it('of an infinitely bad objective is a value like any other', () => {
    const study = bench(withoutFidelity());
    study.start();
    study.report(0, ['Infinity']);
    study.end(0, 'completed');
    expect(study.state.trials[0]).toMatchObject({ state: 'completed', value: Infinity });
    expect(study.changes.at(-1)!.outcome).toEqual({ state: 'completed', loss: Infinity });
  });

  it('past the full fidelity changes nothing any more, and the trial counts as completed', () => {
    const study = bench(specWith());
    study.start();
    study.report(0, [5, 4, 3], [3, 9, 10]);
    expect(study.fresh().at(-1)).toBe('0 stop as stopped');
    study.end(0, 'stopped');
    expect(study.state.trials[0]).toMatchObject({ state: 'completed', value: 4, step: 9 });
  });

  it('that jumps over a rung is compared at the highest one it reaches', () => {
    const study = bench(specWith());
    study.start();
    study.report(0, [5], [4]);
    expect(study.fresh().at(-1)).toBe('0 rung 1 continue');
    expect(study.state.trials[0]!.passed).toEqual([NaN, 5]);
  });

  it('keeps the declared metrics beside the objective', () => {
    const study = bench(specWith());
    study.start();
    const metrics = { loss: [2, null], accuracy: [0.5, 'NaN' as const], other: [1, 1] };
    const columns = { step: [1, 2], metrics };
    study.send({ kind: 'report', items: [{ trial: 0, attempt: 1, from: 0, columns }] });
    expect(study.state.trials[0]!.metrics).toEqual({ loss: 2, accuracy: NaN });
  });
});

describe('a report of several attempts', () => {
  const row = (trial: number, loss: number, attempt = 1) => {
    const columns = { step: [1], metrics: { loss: [loss] } };
    return { trial, attempt, from: 0, columns };
  };

  it('is one event with what is taken, and a verdict on each item that is not', () => {
    const study = bench(specWith());
    study.start();
    study.start();
    const items = [row(0, 1), row(9, 1), row(1, 2), row(0, 3), row(1, 2, 5)];
    const outcome = decide(study.state, { kind: 'report', items }, study.now);
    if ('refused' in outcome) throw new Error(outcome.refused.code);
    expect(outcome.rejected!.map(({ item, error }) => [item, error.code])).toEqual([
      [1, 'trial.not-found'],
      [3, 'request.invalid'],
      [4, 'attempt.stale'],
    ]);
    expect(outcome.events[0]).toEqual({ kind: 'reports', v: 1, items: [row(0, 1), row(1, 2)] });
    const rungs = outcome.events.filter(({ kind }) => kind === 'rung-reached');
    expect(rungs).toHaveLength(2);
  });

  it('of which none is taken, or all is known, is no event', () => {
    const study = bench(specWith());
    study.start();
    study.send({ kind: 'report', items: [row(0, 1)] });
    study.fresh();
    expect(study.send({ kind: 'report', items: [row(0, 1)] })).toBeUndefined();
    expect(study.send({ kind: 'report', items: [row(7, 1)] })).toBe('trial.not-found');
    expect(study.send({ kind: 'report', items: [] })).toBeUndefined();
    expect(study.fresh()).toEqual([]);
  });

  it('decides at the rungs as reports one after the other do', () => {
    const losses = [3, 1, 2, 2, 5, 0.5, 4, 1, 6];
    const [together, apart] = [0, 1].map(() => bench(specWith(), losses.length));
    const items = losses.map((loss) => row(together!.start(), loss));
    together!.send({ kind: 'report', items });
    losses.forEach(() => apart!.start());
    losses.forEach((loss, trial) => apart!.send({ kind: 'report', items: [row(trial, loss)] }));
    const decisions = (study: Bench) =>
      study.log.flatMap((it) => (it.kind === 'rung-reached' ? [[it.trial, it.reason.text]] : []));
    expect(decisions(together!)).toEqual(decisions(apart!));
    expect(together!.log.filter(({ kind }) => kind === 'reports')).toHaveLength(1);
  });
});

describe('the scheduler', () => {
  it('stops a trial outside the best third of a rung, with its reason', () => {
    const study = bench(specWith());
    for (const loss of [1, 2, 3]) study.report(study.start(), [loss]);
    study.report(study.start(), [2.5]);
    expect(study.fresh().slice(-1)).toEqual(['3 stop as stopped']);
    expect(study.state.trials[3]!.stopping!.reason).toEqual({
      code: 'asha.stop',
      text: 'at epoch 1: 3rd of 4, the best 2 go on',
    });
    study.end(3, 'stopped');
    expect(study.state.trials[3]).toMatchObject({ state: 'stopped', value: 2.5, step: 1 });
    expect(study.changes.at(-1)!.outcome).toEqual({ state: 'stopped', loss: 2.5, step: 1 });
    expect(study.state.saved).toBe(8);
  });

  it('never stops the baseline', () => {
    const study = bench(specWith());
    study.start(0.5, 'default');
    for (const loss of [1, 2, 3]) study.report(study.start(), [loss]);
    study.report(0, [9]);
    expect(study.state.trials[0]!.stopping).toBeUndefined();
    expect(study.log.at(-1)).toMatchObject({
      decision: 'continue',
      reason: { code: 'baseline', text: expect.stringContaining('the baseline goes on') },
    });
  });
});
