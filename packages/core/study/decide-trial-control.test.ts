import { describe, expect, it } from 'vitest';
import { nextWork } from './next-work.ts';
import { bench, type Bench } from '../test/one-slot.ts';
import { specWith, withoutFidelity } from '../test/study-driver.ts';

const reason = { code: 'user', text: 'by a person' };

type Kind = 'pause-trial' | 'resume-trial' | 'drain-trial' | 'checkpoint-trial';

function ask(study: Bench, kind: Kind, trial: number) {
  return study.send({ kind, trial, reason });
}

describe('a paused trial', () => {
  it('gives up its slot, keeps its value, and waits out of the queue until it is resumed', () => {
    const study = bench(specWith(), 1);
    study.report(study.start(), [3]);
    study.fresh();
    ask(study, 'pause-trial', 0);
    expect(study.state.trials[0]!.stopping).toEqual({ as: 'paused', reason });
    study.end(0, 'preempted');
    expect(study.fresh()).toEqual(['0 stop as paused', '0 attempt paused', '0 trial-paused']);
    expect(study.state.trials[0]).toMatchObject({ state: 'paused', value: 3, reason });
    expect(study.start()).toBe(1);
    study.end(1, 'completed');
    ask(study, 'resume-trial', 0);
    expect(study.start()).toBe(0);
    expect(study.state.trials[0]!.attempts).toHaveLength(2);
  });

  it('that was queued leaves the queue at once, and comes back to its front', () => {
    const study = bench(specWith(), 1);
    study.send({ kind: 'enqueue', params: { x: 0.1 } });
    study.send({ kind: 'enqueue', params: { x: 0.2 } });
    ask(study, 'pause-trial', 1);
    ask(study, 'pause-trial', 0);
    ask(study, 'resume-trial', 1);
    expect(study.fresh().slice(-3)).toEqual([
      '1 trial-paused',
      '0 trial-paused',
      '1 trial-resumed',
    ]);
    expect(study.start()).toBe(1);
    study.end(1, 'completed');
    expect(study.start()).toBe(2);
  });

  it('uses up no retry, and its attempt counts for no failure', () => {
    const study = bench(specWith({ retries: { crashed: 0 } }), 1);
    study.start();
    ask(study, 'pause-trial', 0);
    study.end(0, 'crashed');
    expect(study.state.trials[0]).toMatchObject({ state: 'paused' });
    expect(study.state.failures).toEqual({});
    expect(study.state.trials[0]!.attempts[0]).toMatchObject({ end: 'paused', told: 'crashed' });
  });

  it('is completed when it came to its own end before it heard of the pause', () => {
    for (const spec of [specWith(), withoutFidelity()]) {
      const study = bench(spec, 1);
      study.report(study.start(), [2], [9]);
      ask(study, 'pause-trial', 0);
      study.end(0, 'completed');
      expect(study.state.trials[0]).toMatchObject({ state: 'completed', value: 2 });
    }
  });

  it('is compared at the rungs that it still reaches, and a stop there is a stop', () => {
    const study = bench(specWith(), 4);
    for (const loss of [1, 2, 3]) study.report(study.start(), [loss]);
    const trial = study.start();
    ask(study, 'pause-trial', trial);
    study.report(trial, [9]);
    study.end(trial, 'stopped');
    expect(study.state.trials[trial]).toMatchObject({ state: 'stopped', passed: [9] });
  });

  it('is stopped or cancelled by a later word; a pause does not undo a stop', () => {
    const study = bench(specWith(), 2);
    study.start();
    study.start();
    for (const [trial, as] of [
      [0, 'stopped'],
      [1, 'cancelled'],
    ] as const) {
      ask(study, 'pause-trial', trial);
      study.send({ kind: 'stop-trial', trial, as, reason });
      ask(study, 'pause-trial', trial);
      study.end(trial, 'stopped');
      expect(study.state.trials[trial]!.state).toBe(as);
    }
    const queued = study.start();
    ask(study, 'pause-trial', queued);
    study.end(queued, 'paused');
    study.send({ kind: 'stop-trial', trial: queued, as: 'cancelled', reason });
    expect(study.state.trials[queued]!.state).toBe('cancelled');
  });

  it('that is resumed before its attempt has ended goes back to the queue', () => {
    const study = bench(specWith(), 1);
    study.start();
    ask(study, 'pause-trial', 0);
    ask(study, 'resume-trial', 0);
    study.end(0, 'paused');
    expect(study.fresh().slice(-2)).toEqual(['0 attempt preempted', '0 trial-requeued']);
    expect(study.start()).toBe(0);
  });

  it('holds up no end of the study, and goes on with a later run', () => {
    const study = bench(specWith({ budget: { trials: 1 } }), 1);
    study.start();
    ask(study, 'pause-trial', 0);
    study.end(0, 'paused');
    const end = nextWork(study.state, study.now);
    if (end.work !== 'finished') throw new Error(end.work);
    study.send({ kind: 'end-run', end: end.end, reason: end.reason });
    ask(study, 'resume-trial', 0);
    study.send({ kind: 'start-run', slots: 1, keepGoing: false });
    expect(nextWork(study.state, study.now)).toEqual({ work: 'queued', trial: 0 });
  });
});

describe('a drained trial', () => {
  it('gives up its slot and goes to the front of the queue', () => {
    const study = bench(specWith(), 1);
    study.send({ kind: 'enqueue', params: { x: 0.1 } });
    study.send({ kind: 'enqueue', params: { x: 0.2 } });
    study.start();
    study.fresh();
    ask(study, 'drain-trial', 0);
    study.end(0, 'stopped');
    expect(study.fresh()).toEqual(['0 stop as queued', '0 attempt preempted', '0 trial-requeued']);
    expect(study.start()).toBe(0);
  });

  it('is paused by a later word, not drained by one', () => {
    const study = bench(specWith(), 1);
    study.start();
    ask(study, 'drain-trial', 0);
    ask(study, 'pause-trial', 0);
    ask(study, 'drain-trial', 0);
    study.end(0, 'lost');
    expect(study.fresh().slice(-2)).toEqual(['0 attempt lost', '0 trial-paused']);
  });
});

describe('what is said to a trial', () => {
  it('is no event where it is so already, and is refused after its end', () => {
    const study = bench(specWith(), 1);
    study.start();
    study.fresh();
    ask(study, 'resume-trial', 0);
    ask(study, 'pause-trial', 0);
    ask(study, 'pause-trial', 0);
    study.end(0, 'paused');
    ask(study, 'pause-trial', 0);
    ask(study, 'drain-trial', 0);
    expect(study.fresh()).toHaveLength(3);
    study.send({ kind: 'stop-trial', trial: 0, as: 'stopped', reason });
    for (const kind of ['pause-trial', 'resume-trial', 'drain-trial'] as const) {
      expect(ask(study, kind, 0)).toBe('trial.ended');
      expect(ask(study, kind, 7)).toBe('trial.not-found');
    }
  });
});

describe('a trial that is asked for a checkpoint', () => {
  it('goes on as if nothing was: the log alone tells', () => {
    const study = bench(specWith(), 1);
    study.report(study.start(), [3]);
    study.fresh();
    const before = { ...study.state.trials[0] };
    expect(ask(study, 'checkpoint-trial', 0)).toBeUndefined();
    expect(study.log.at(-1)).toMatchObject({ trial: 0, attempt: 1, reason });
    expect(study.fresh()).toEqual(['0 checkpoint-requested']);
    expect(study.state.trials[0]).toEqual(before);
    expect(ask(study, 'checkpoint-trial', 0)).toBeUndefined();
    expect(study.fresh()).toEqual(['0 checkpoint-requested']);
  });

  it('is refused unless it runs', () => {
    const study = bench(specWith(), 1);
    study.send({ kind: 'enqueue', params: { x: 0.1 } });
    expect(ask(study, 'checkpoint-trial', 0)).toBe('trial.state');
    expect(ask(study, 'checkpoint-trial', 7)).toBe('trial.not-found');
    study.start();
    study.end(0, 'completed');
    expect(ask(study, 'checkpoint-trial', 0)).toBe('trial.ended');
  });

  it('is left alone while it is told to end: then it keeps what it wants anyway', () => {
    for (const kind of ['pause-trial', 'drain-trial'] as const) {
      const study = bench(specWith(), 1);
      ask(study, kind, study.start());
      study.fresh();
      expect(ask(study, 'checkpoint-trial', 0)).toBeUndefined();
      expect(study.fresh()).toEqual([]);
    }
  });
});
