import { describe, expect, it } from 'vitest';
import { bench } from '../test/one-slot.ts';
import { specWith, suggestionOf, withoutFidelity } from '../test/study-driver.ts';
import { expectedLadder } from './expected-ladder.ts';
import { incumbentOf } from './incumbent.ts';
import { studyStatus } from './study-status.ts';

describe('the incumbent', () => {
  it('is the best at the highest fidelity that any trial reached, in the user’s direction', () => {
    const objective = { metric: 'loss', direction: 'maximize' as const };
    const study = bench(specWith({ objective }));
    expect(incumbentOf(study.state)).toBeUndefined();
    study.report(study.start(), [0.9]);
    expect(incumbentOf(study.state)).toMatchObject({ trial: 0, value: 0.9, step: 1 });
    study.report(study.start(), [0.95, 0.8, 0.7]);
    expect(incumbentOf(study.state)).toMatchObject({ trial: 1, value: 0.7, step: 3 });
    study.report(0, [0.8, 0.85]);
    expect(incumbentOf(study.state)).toMatchObject({ trial: 0, value: 0.85, step: 3 });
  });

  it('gives way when its trial fails or is cancelled', () => {
    const study = bench(specWith({ retries: { crashed: 0 } }));
    study.report(study.start(), [2]);
    study.report(study.start(), [1]);
    expect(incumbentOf(study.state)!.trial).toBe(1);
    study.end(1, 'crashed');
    expect(incumbentOf(study.state)!.trial).toBe(0);
  });

  it('without a fidelity is a complete value before one that was cut short', () => {
    const study = bench(withoutFidelity());
    study.report(study.start(), [1]);
    expect(incumbentOf(study.state)).toBeUndefined();
    study.end(0, 'timed-out');
    expect(incumbentOf(study.state)).toMatchObject({ trial: 0, value: 1 });
    study.report(study.start(), [2]);
    study.end(1, 'completed');
    expect(incumbentOf(study.state)).toEqual({
      trial: 1,
      params: { x: 0.5 },
      value: 2,
      metrics: { loss: 2 },
    });
  });
});

describe('the status', () => {
  it('shows reserves as queued and not as busy slots, and what a person has paused', () => {
    const study = bench(specWith(), 2);
    study.start();
    study.start();
    const suggestion = suggestionOf(0.25);
    study.send({ kind: 'start-attempt', worker: 'w', slot: 0, reserve: true, suggestion });
    const reason = { code: 'user', text: 'by a person' };
    study.send({ kind: 'pause-trial', trial: 1, reason });
    study.end(1, 'paused');
    const status = studyStatus(study.state, study.now);
    expect(status.running.map(({ trial }) => trial)).toEqual([0]);
    expect(status).toMatchObject({
      trials: { running: 1, queued: 1, paused: 1 },
      reserves: [{ trial: 2, attempt: 1, worker: 'w', slot: 0, behind: 0 }],
      pausedTrials: [{ trial: 1, reason }],
    });
  });

  it('tells a second try from an attempt that was handed back before it began', () => {
    const study = bench(specWith({ budget: { trials: 9 } }), 2);
    study.start();
    const suggestion = suggestionOf(0.25);
    study.send({ kind: 'start-attempt', worker: 'w', slot: 0, reserve: true, suggestion });
    study.end(1, 'preempted');
    expect(study.start()).toBe(1);
    study.end(0, 'crashed');
    expect(study.start()).toBe(0);
    expect(studyStatus(study.state, study.now).running).toMatchObject([
      { trial: 0, attempt: 2, begun: 2 },
      { trial: 1, attempt: 2, begun: 1 },
    ]);
  });

  it('shows what runs, what failed and why, and what stopping saved', () => {
    const study = bench(specWith({ retries: { crashed: 0 } }));
    study.report(study.start(0.5, 'default'), [1, 0.9, 0.8]);
    study.start();
    study.end(1, 'crashed', { why: 'exited with 1', tail: ['Traceback'] });
    study.report(study.start(), [1.5]);
    study.report(study.start(), [1.6]);
    study.end(3, 'stopped');
    study.now += 60;
    const status = studyStatus(study.state, study.now);
    expect(status).toMatchObject({
      state: 'running',
      trialsUsed: 4,
      trials: { running: 2, failed: 1, stopped: 1 },
      elapsedMs: 60,
      incumbent: { trial: 0, value: 0.8, step: 3 },
      baseline: { trial: 0, value: 0.8, step: 3 },
      running: [
        { trial: 0, attempt: 1, worker: 'w', step: 3, value: 0.8, fidelityTarget: 9 },
        { trial: 2, step: 1, value: 1.5, stopping: true },
      ],
      rungs: [
        { fidelity: 1, reached: 3, stopped: 2, best: 1 },
        { fidelity: 3, reached: 1, stopped: 0, best: 0.8 },
        { fidelity: 9, reached: 0, stopped: 0 },
      ],
      stopping: { spent: 5, saved: 8 },
      failures: { crashed: 1 },
      lastFailure: { trial: 1, attempt: 1, end: 'crashed', tail: ['Traceback'] },
    });
    expect(JSON.parse(JSON.stringify(status))).toEqual(status);
  });

  it('shows a choice of many rungs, and every stop at the next of them', () => {
    const scheduler = { type: 'median', startup: 1, warmup: 0, interval: 1 } as const;
    const fidelity = { metric: 'epoch', min: 1, max: 100 };
    const study = bench(specWith({ scheduler, fidelity }), 4);
    const falling = Array.from({ length: 100 }, (_, epoch) => 99 - epoch);
    for (const losses of [falling, [99, 99], [100]]) study.report(study.start(), losses);
    const { rungs } = studyStatus(study.state, study.now);
    expect(rungs.map((rung) => rung.fidelity)).toEqual([
      1, 10, 19, 28, 37, 46, 55, 64, 73, 82, 91, 100,
    ]);
    expect(rungs.map((rung) => rung.stopped).slice(0, 3)).toEqual([1, 1, 0]);
    expect(rungs.map((rung) => rung.reached).slice(0, 3)).toEqual([3, 1, 1]);
  });
});

describe('expectedLadder', () => {
  it('sends one of eta on from each rung', () => {
    expect(expectedLadder(specWith({ budget: { trials: 20 } }))).toEqual([
      { fidelity: 1, trials: 20 },
      { fidelity: 3, trials: 7 },
      { fidelity: 9, trials: 3 },
    ]);
    expect(expectedLadder(specWith({ budget: {} }))![1]).toEqual({
      fidelity: 3,
      trials: undefined,
    });
    expect(expectedLadder(withoutFidelity())).toBeUndefined();
  });
});
