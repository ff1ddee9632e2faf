import { describe, expect, it } from 'vitest';
import { nextWork } from './next-work.ts';
import { bench } from '../test/one-slot.ts';
import { specWith, studyDriver, withoutFidelity } from '../test/study-driver.ts';
import { incumbentOf } from '../analysis/incumbent.ts';
import { studyStatus } from '../analysis/study-status.ts';
import { elapsedMs } from './state.ts';

describe('the budget', () => {
  it('counts trials that were not cancelled, and no attempts', () => {
    const study = bench(specWith({ budget: { trials: 2 } }));
    study.start();
    study.end(0, 'lost');
    study.start();
    study.start();
    expect(nextWork(study.state, study.now)).toMatchObject({ work: 'wait', category: 'tail' });
    expect(study.send({ kind: 'enqueue', params: { x: 0 } })).toBe('study.budget-used');
    study.end(1, 'cancelled');
    expect(study.start()).toBe(2);
  });

  it('of time ends with a tick that tells running attempts to stop; their values stay', () => {
    const study = bench(specWith({ budget: { timeMs: 1000 } }));
    study.start();
    study.report(0, [1, 0.5]);
    study.now += 999;
    study.send({ kind: 'tick' });
    expect(study.state.trials[0]!.stopping).toBeUndefined();
    study.now += 1;
    study.send({ kind: 'tick' });
    study.send({ kind: 'tick' });
    expect(study.fresh().slice(-1)).toEqual(['0 stop as stopped']);
    expect(nextWork(study.state, study.now)).toMatchObject({ work: 'wait' });
    study.end(0, 'stopped');
    expect(study.state.trials[0]).toMatchObject({ state: 'stopped', value: 0.5 });
    expect(nextWork(study.state, study.now)).toMatchObject({ end: 'budget-time' });
  });

  // Seed 643 of the simulator: they went on until their own limits.
  it('of time stops what runs beside a program that seems broken, too', () => {
    const study = bench(specWith({ budget: { timeMs: 1000 } }), 4);
    for (let i = 0; i < 4; i++) study.start();
    for (const trial of [0, 1, 2]) study.end(trial, 'crashed');
    expect(nextWork(study.state, study.now)).toMatchObject({ reason: { code: 'start-crash' } });
    study.now += 1000;
    study.send({ kind: 'tick' });
    expect(study.fresh().slice(-1)).toEqual(['3 stop as stopped']);
  });

  it('of time sums running time; a killed run closes at its last event', () => {
    const study = bench(specWith({ budget: { timeMs: 1000 } }));
    study.now += 400;
    study.start();
    study.now += 10_000;
    study.send({ kind: 'start-run', slots: 1, keepGoing: false });
    expect(elapsedMs(study.state, study.now)).toBe(400);
    study.now += 100;
    expect(elapsedMs(study.state, study.now)).toBe(500);
  });

  it('ends when an incumbent at full fidelity reaches the target; the others stop', () => {
    const study = bench(specWith({ budget: { target: 0.3 } }));
    study.start();
    study.start();
    study.report(0, [0.2, 0.1]);
    study.send({ kind: 'tick' });
    expect(nextWork(study.state, study.now).work).toBe('suggest');
    study.report(0, [0.3], [9]);
    study.send({ kind: 'tick' });
    expect(study.fresh().slice(-1)).toEqual(['1 stop as stopped']);
    study.end(1, 'stopped');
    study.end(0, 'completed');
    expect(nextWork(study.state, study.now)).toMatchObject({
      work: 'finished',
      end: 'target',
      reason: { text: 'trial 0 reached loss 0.3' },
    });
  });

  it('that was raised lets an ended study go on', () => {
    const spec = withoutFidelity({ budget: { trials: 1 } });
    const study = bench(spec);
    study.report(study.start(), [1]);
    study.end(0, 'completed');
    const next = nextWork(study.state, study.now);
    expect(next).toMatchObject({ work: 'finished', end: 'budget-trials' });
    study.send({ kind: 'end-run', end: 'budget-trials', reason: { code: 'x', text: 'x' } });
    expect(nextWork(study.state, study.now)).toEqual(next);
    study.send({ kind: 'change-spec', spec: { ...spec, budget: { trials: 2 } } });
    expect(nextWork(study.state, study.now)).toEqual({ work: 'suggest', trial: 1 });
    expect(() => study.start()).toThrow('study.not-running');
  });
});

describe('the start-crash rule', () => {
  it('ends the study when its first three attempts crash, whether repeated or not', () => {
    for (const crashed of [0, 2]) {
      const study = bench(specWith({ retries: { crashed } }));
      for (let i = 0; i < 3; i++) study.end(study.start(), 'crashed');
      expect(nextWork(study.state, study.now)).toMatchObject({ end: 'start-crash' });
    }
  });

  it('does not hold once anything was reported, or when the user keeps going', () => {
    const reported = bench(specWith());
    reported.report(reported.start(), [1]);
    reported.end(0, 'crashed');
    for (let i = 0; i < 3; i++) reported.end(reported.start(), 'crashed');
    expect(nextWork(reported.state, reported.now).work).toBe('suggest');
    const going = bench(specWith(), 4, true);
    for (let i = 0; i < 5; i++) going.end(going.start(), 'crashed');
    expect(nextWork(going.state, going.now).work).not.toBe('finished');
  });

  it('is not hidden by lost attempts, and begins anew with the next run', () => {
    const study = bench(specWith());
    study.end(study.start(), 'lost');
    for (let i = 0; i < 3; i++) study.end(study.start(), 'crashed');
    const end = nextWork(study.state, study.now);
    if (end.work !== 'finished') throw new Error(end.work);
    study.send({ kind: 'end-run', end: end.end, reason: end.reason });
    expect(nextWork(study.state, study.now).work).toBe('finished');
    study.send({ kind: 'start-run', slots: 1, keepGoing: false });
    expect(nextWork(study.state, study.now).work).not.toBe('finished');
  });
});

describe('a run that a restarted owner takes up', () => {
  it('goes on as it is: attempts stay live, and the time without an owner is not its own', () => {
    const study = bench(specWith({ budget: { timeMs: 10_000 } }));
    study.report(study.start(), [1]);
    study.now += 400;
    study.start();
    study.now += 60_000;
    study.fresh();
    expect(study.send({ kind: 'resume-run' })).toBeUndefined();
    expect(study.fresh()).toEqual(['run-resumed']);
    expect(study.state.live).toEqual(new Set([0, 1]));
    expect(study.state.runs).toBe(1);
    expect(elapsedMs(study.state, study.now)).toBe(400);
    study.now += 100;
    expect(elapsedMs(study.state, study.now)).toBe(500);
    study.report(0, [1, 0.5]);
    study.end(0, 'completed');
    expect(study.state.trials[0]!.attempts).toHaveLength(1);
    expect(studyStatus(study.state, study.now)).toMatchObject({ state: 'running', resumed: 1 });
  });

  it('stays paused, and its pause is no running time', () => {
    const study = bench(specWith());
    study.now += 300;
    study.send({ kind: 'pause-study', reason: { code: 'user', text: 'by a person' } });
    study.now += 5000;
    study.send({ kind: 'resume-run' });
    study.now += 5000;
    expect(study.state.paused).toBeDefined();
    study.send({ kind: 'resume-study', reason: { code: 'user', text: 'by a person' } });
    expect(elapsedMs(study.state, study.now)).toBeLessThanOrEqual(300);
  });

  it('must be open', () => {
    expect(studyDriver(specWith()).send({ kind: 'resume-run' })).toBe('study.not-running');
  });
});

describe('a run', () => {
  it('that follows a killed one ends what that left running as lost, and repeats it', () => {
    const study = bench(specWith());
    study.start();
    study.report(0, [1]);
    study.fresh();
    study.send({ kind: 'start-run', slots: 2, keepGoing: false });
    expect(study.fresh()).toEqual([
      'run-started',
      '0 attempt lost',
      '0 trial-requeued',
      'worker-left',
    ]);
    expect(nextWork(study.state, study.now)).toEqual({ work: 'queued', trial: 0 });
  });

  it('is over as long as nothing runs; a drain may leave attempts behind', () => {
    const study = bench(specWith());
    study.start();
    const reason = { code: 'x', text: 'x' };
    expect(study.send({ kind: 'end-run', end: 'exhausted', reason })).toBe('study.busy');
    expect(study.send({ kind: 'end-run', end: 'drained', reason })).toBeUndefined();
  });

  it('that found its sampler exhausted stays finished until the space changes', () => {
    const spec = specWith();
    const study = bench(spec);
    study.send({ kind: 'end-run', end: 'exhausted', reason: { code: 'x', text: 'x' } });
    study.send({ kind: 'start-run', slots: 1, keepGoing: false });
    expect(nextWork(study.state, study.now)).toMatchObject({ end: 'exhausted' });
    const space = [{ ...spec.space[0]!, high: 2 } as (typeof spec.space)[number]];
    study.send({ kind: 'change-spec', spec: { ...spec, space } });
    expect(nextWork(study.state, study.now).work).toBe('suggest');
  });
});

describe('a worker', () => {
  it('that is lost gives its attempts back; saying so again changes nothing', () => {
    const study = bench(specWith());
    study.start();
    const left = { kind: 'worker-left' as const, worker: 'w', atUs: 50, idle: [] };
    study.send({ ...left, how: 'lost' });
    expect(study.fresh().slice(-3)).toEqual(['0 attempt lost', '0 trial-requeued', 'worker-left']);
    study.send({ ...left, how: 'lost' });
    expect(study.fresh()).toEqual([]);
    expect(study.end(0, 'completed')).toBe('attempt.stale');
  });

  it('that joins twice is one; another process under its name replaces it', () => {
    const study = bench(specWith());
    study.start();
    study.fresh();
    const joined = { kind: 'worker-joined' as const, worker: 'w', host: 'h', slots: 4 };
    study.send({ ...joined, pid: 1 });
    expect(study.fresh()).toEqual([]);
    study.send({ ...joined, pid: 2 });
    expect(study.fresh()).toEqual([
      '0 attempt lost',
      '0 trial-requeued',
      'worker-left',
      'worker-joined',
    ]);
  });

  it('that never joined gets no work', () => {
    const study = bench(specWith());
    expect(study.send({ kind: 'start-attempt', worker: 'x' })).toBe('worker.unknown');
  });
});

describe('an edit of the study', () => {
  it('of nothing is no event, and of the objective is refused', () => {
    const spec = specWith();
    const study = studyDriver(spec);
    expect(study.send({ kind: 'create', spec })).toBe('study.exists');
    study.send({ kind: 'change-spec', spec: structuredClone(spec) });
    expect(study.log.length).toBe(1);
    const objective = { metric: 'other', direction: 'minimize' as const };
    expect(study.send({ kind: 'change-spec', spec: { ...spec, objective } })).toBe(
      'study.other-objective',
    );
  });

  it('of the ladder compares the trials so far at its rungs', () => {
    const spec = specWith();
    const study = bench(spec);
    study.report(study.start(), [5, 4, 3, 2]);
    study.send({ kind: 'change-spec', spec: { ...spec, scheduler: { type: 'asha', eta: 2 } } });
    expect(study.state.scheduler!.rungs).toEqual([1, 2, 4, 8, 9]);
    expect(study.state.trials[0]!.passed).toEqual([5, 4, 2]);
    expect(incumbentOf(study.state)).toMatchObject({ trial: 0, value: 2, step: 4 });
  });

  it('that raises the full fidelity leaves what completed below it at its rung', () => {
    const spec = specWith();
    const study = bench(spec);
    study.report(study.start(), [5, 4, 1], [1, 3, 9]);
    study.end(0, 'completed');
    const fidelity = { metric: 'epoch', min: 1, max: 27 };
    study.send({ kind: 'change-spec', spec: { ...spec, fidelity } });
    study.report(study.start(), [9, 8, 7, 6], [1, 3, 9, 27]);
    expect(incumbentOf(study.state)).toMatchObject({ trial: 0, step: 9 });
  });
});

describe('a person', () => {
  it('stops or cancels a trial that has not ended, by its attempt or in the queue', () => {
    const study = bench(specWith());
    const reason = { code: 'user', text: 'enough' };
    study.start();
    study.send({ kind: 'enqueue', params: { x: 0.1 } });
    const stop = (trial: number, as: 'stopped' | 'cancelled') =>
      study.send({ kind: 'stop-trial', trial, as, reason });
    expect(stop(1, 'cancelled')).toBeUndefined();
    expect(study.state.trials[1]!.state).toBe('cancelled');
    expect(stop(1, 'stopped')).toBe('trial.ended');
    expect(stop(7, 'stopped')).toBe('trial.not-found');
    study.fresh();
    stop(0, 'stopped');
    stop(0, 'stopped');
    stop(0, 'cancelled');
    stop(0, 'stopped');
    expect(study.fresh()).toEqual(['0 stop as stopped', '0 stop as cancelled']);
    study.end(0, 'stopped');
    expect(study.state.trials[0]!.state).toBe('cancelled');
    expect(study.start()).toBe(2);
  });

  it('may enqueue params of the space only', () => {
    const study = bench(specWith({ constraints: ['x <= 0.5'] }));
    expect(study.send({ kind: 'enqueue', params: { x: 7 } })).toBe('params.value');
    expect(study.send({ kind: 'enqueue', params: {} })).toBe('params.missing');
    expect(study.send({ kind: 'enqueue', params: { x: 0.7 } })).toBe('params.constraint');
    expect(study.state.trials).toEqual([]);
  });
});
