import { describe, expect, it } from 'vitest';
import { nextWork } from './next-work.ts';
import { mustReturn, reserves } from './reserves.ts';
import { bench, type Bench } from '../test/one-slot.ts';
import { specWith, suggestionOf } from '../test/study-driver.ts';
import type { StudySpec } from '../space/study-spec.ts';

const reason = { code: 'user', text: 'by a person' };

function reserve(study: Bench, slot = 0) {
  const suggestion = suggestionOf(0.5);
  return study.send({ kind: 'start-attempt', worker: 'w', slot, reserve: true, suggestion });
}

/** Trial 0 runs on the only slot, trial 1 waits behind it. */
function waiting(over: Partial<StudySpec> = {}): Bench {
  const study = bench(specWith(over), 1);
  study.start();
  expect(reserve(study)).toBeUndefined();
  return study;
}

function why(study: Bench) {
  return mustReturn(study.state, reserves(study.state)[0]!, study.now);
}

describe('a reserve', () => {
  it('is a queued trial with a lease, behind the trial that its slot runs', () => {
    const study = waiting();
    expect(reserves(study.state)).toEqual([
      { trial: 1, attempt: 1, worker: 'w', slot: 0, behind: 0 },
    ]);
    expect(study.state.trials[1]).toMatchObject({ state: 'queued' });
    expect(study.state.counts).toMatchObject({ running: 1, queued: 1 });
    expect(study.state.live).toEqual(new Set([0, 1]));
  });

  it('begins as the trial in front of it ends', () => {
    const study = waiting();
    study.now += 500;
    study.end(0, 'completed');
    expect(reserves(study.state)).toEqual([]);
    expect(study.state.trials[1]).toMatchObject({ state: 'running', startedAt: study.now });
    expect(study.state.trials[1]!.attempts[0]).toMatchObject({ startedAt: study.now });
    expect(study.state.workers.get('w')!.slots[0]).toMatchObject({ trial: 1 });
  });

  it('begins with its first report too: that may be told before the other’s end', () => {
    const study = waiting();
    study.report(1, [3]);
    expect(reserves(study.state)).toEqual([]);
    expect(study.state.trials[1]).toMatchObject({ state: 'running', value: 3 });
    study.end(0, 'completed');
    expect(study.state.workers.get('w')!.slots[0]).toMatchObject({ trial: 1 });
    study.end(1, 'completed');
    expect(study.state.trials[1]).toMatchObject({ state: 'completed', value: 3 });
    expect(study.state.workers.get('w')!.slots[0]!.trial).toBeUndefined();
  });

  it('that was begun and ended before the other’s end is told is taken all the same', () => {
    const study = waiting();
    const use = { worker: 'w', slot: 0, spawnedUs: 10, exitedUs: 20 };
    study.send({ kind: 'end-attempt', trial: 1, attempt: 1, end: 'crashed', use });
    expect(study.state.trials[1]!.attempts[0]).toMatchObject({ end: 'crashed', busyUs: 10 });
    study.end(0, 'completed');
    expect(study.start()).toBe(1);
  });

  it('that is given back goes to the front of the queue, and takes nothing of the slot’s time', () => {
    const study = waiting();
    study.now += 5000;
    study.end(1, 'preempted', { why: 'given back' });
    expect(study.fresh().slice(-2)).toEqual(['1 attempt preempted', '1 trial-requeued']);
    expect(study.state.attemptMs).toBe(0);
    study.end(0, 'preempted');
    expect(study.start()).toBe(1);
    expect(study.state.trials[1]!.attempts).toHaveLength(2);
    expect(study.state.trials[1]!.attempts[0]).toMatchObject({ reserve: true });
  });

  it('is lost with its worker, however often, and that says nothing of its trial', () => {
    const study = bench(specWith(), 1);
    for (let loss = 1; loss <= 4; loss++) {
      study.send({ kind: 'worker-joined', worker: 'w', host: 'h', pid: loss, slots: 1 });
      expect(study.start()).toBe(0);
      // It gets further each time: that is no trial that kills its workers.
      study.report(0, [1], [loss]);
      expect(reserve(study)).toBeUndefined();
      study.fresh();
      study.send({ kind: 'worker-left', worker: 'w', how: 'lost', atUs: 9, idle: [] });
      expect(study.fresh()).toEqual([
        '1 attempt lost',
        '0 attempt lost',
        '0 trial-requeued',
        '1 trial-requeued',
        'worker-left',
      ]);
    }
    expect(study.state.trials[1]).toMatchObject({ state: 'queued' });
    expect(study.state.live.size).toBe(0);
  });

  it('that was lost counts for nothing where losses show that a trial kills its workers', () => {
    const study = waiting();
    const lose = () => {
      study.send({ kind: 'worker-left', worker: 'w', how: 'lost', atUs: 9, idle: [] });
      study.send({ kind: 'worker-joined', worker: 'w', host: 'h', pid: 1, slots: 1 });
    };
    const again = () => {
      study.report(study.start(), [1], [study.state.trials[0]!.attempts.length]);
      reserve(study);
      lose();
    };
    lose();
    again();
    study.end(study.start(), 'completed');
    for (let losses = 1; losses <= 3; losses++) {
      expect(study.state.trials[1]!.state).toBe('queued');
      expect(study.start()).toBe(1);
      lose();
    }
    expect(study.state.trials[1]).toMatchObject({ state: 'failed', reason: { code: 'poison' } });
    study.start();
    study.send({ kind: 'retry-trial', trial: 1, reason });
    reserve(study);
    lose();
    expect(study.state.trials[1]!.state).toBe('queued');
  });

  it('stays where it is when a bad worker’s failures of it are forgiven', () => {
    const study = bench(specWith({ retries: { crashed: 1 } }), 2);
    study.report(study.start(), [1], [9]);
    study.end(0, 'completed');
    study.start();
    study.send({ kind: 'worker-joined', worker: 'bad', host: 'b', pid: 1, slots: 3 });
    const start = { kind: 'start-attempt', worker: 'bad', suggestion: suggestionOf(0.5) } as const;
    for (let i = 0; i < 3; i++) study.send(start);
    study.end(2, 'crashed');
    expect(reserve(study)).toBeUndefined();
    study.end(3, 'crashed');
    study.end(4, 'crashed');
    expect(study.fresh()).toContain('2 trial-given-back');
    expect(reserves(study.state)).toMatchObject([{ trial: 2, behind: 1 }]);
    expect(study.start()).toBe(3);
    study.end(1, 'completed');
    expect(study.state.trials[2]!.state).toBe('running');
  });

  it('is told to stop like one that runs: a queued trial with a lease does not end by itself', () => {
    for (const [kind, state] of [
      ['pause-trial', 'paused'],
      ['drain-trial', 'queued'],
    ] as const) {
      const study = waiting();
      study.send({ kind, trial: 1, reason });
      expect(why(study)).toEqual(reason);
      study.end(1, 'preempted');
      expect(study.state.trials[1]).toMatchObject({ state });
    }
    const study = waiting();
    study.send({ kind: 'stop-trial', trial: 1, as: 'cancelled', reason });
    expect(study.state.trials[1]!.state).toBe('queued');
    study.end(1, 'preempted');
    expect(study.state.trials[1]!.state).toBe('cancelled');
  });
});

describe('nothing waits in reserve', () => {
  it('behind nothing, behind another reserve, or on a slot that is not named', () => {
    const study = bench(specWith(), 2);
    expect(reserve(study)).toBe('worker.no-free-slot');
    study.start();
    const suggestion = suggestionOf(0.5);
    const start = { kind: 'start-attempt', worker: 'w', reserve: true, suggestion } as const;
    expect(study.send(start)).toBe('worker.no-free-slot');
    expect(reserve(study)).toBeUndefined();
    expect(reserve(study)).toBe('worker.no-free-slot');
    expect(reserve(study, 1)).toBe('worker.no-free-slot');
  });

  it('in a reproducible study: its next trial depends on the end of the one before', () => {
    const study = bench(specWith({ reproducible: true }), 1);
    study.start();
    expect(reserve(study)).toBe('worker.no-free-slot');
  });

  it('beyond the budget of trials', () => {
    const study = waiting({ budget: { trials: 2 } });
    study.end(0, 'completed');
    expect(reserve(study)).toBe('study.no-work');
  });

  it('of a trial that needs a worker for itself, nor behind one', () => {
    const study = bench(specWith(), 2);
    study.send({ kind: 'worker-joined', worker: 'v', host: 'h', pid: 1, slots: 1 });
    study.end(study.start(), 'out-of-memory');
    study.send({ kind: 'start-attempt', worker: 'v', suggestion: suggestionOf(0.5) });
    expect(study.state.trials[0]!.state).toBe('running');
    const onto = (worker: string, slot: number) =>
      study.send({ kind: 'start-attempt', worker, slot, reserve: true });
    expect(onto('v', 0)).toBe('study.no-work');
  });
});

describe('a reserve must be given back', () => {
  it('when the study is paused, its worker is held, or the run is over', () => {
    const paused = waiting();
    expect(why(paused)).toBeUndefined();
    paused.send({ kind: 'pause-study', reason });
    expect(why(paused)).toEqual(reason);
    const held = waiting();
    held.send({ kind: 'drain-worker', worker: 'w', reason });
    expect(why(held)).toEqual(reason);
    const over = waiting({ budget: { timeMs: 1000 } });
    over.now += 1000;
    expect(why(over)!.code).toBe('budget-time');
  });

  it('at the end of the time budget, even if it begins before its worker hears of that', () => {
    const study = waiting({ budget: { timeMs: 1000 } });
    study.now += 1000;
    study.send({ kind: 'tick' });
    expect(study.fresh().slice(-2)).toEqual(['0 stop as stopped', '1 stop as queued']);
    study.end(0, 'stopped');
    expect(study.state.trials[1]!.state).toBe('running');
    study.end(1, 'preempted');
    expect(nextWork(study.state, study.now)).toMatchObject({ end: 'budget-time' });
    expect(study.state.trials[1]!.state).toBe('queued');
  });

  it('when the study may use fewer slots than it does', () => {
    const study = bench(specWith(), 2);
    study.start();
    study.start();
    reserve(study);
    const change = (slots: number) => {
      const spec = study.state.spec!;
      study.send({ kind: 'change-spec', spec: { ...spec, engine: { ...spec.engine, slots } } });
    };
    change(3);
    expect(why(study)).toBeUndefined();
    change(1);
    expect(why(study)!.code).toBe('slots');
    expect(reserve(study, 1)).toBe('study.no-work');
  });

  it('when its worker makes room for a trial that needs it alone', () => {
    const study = bench(specWith(), 2);
    study.start();
    study.start();
    reserve(study, 1);
    study.end(0, 'out-of-memory');
    expect(why(study)!.code).toBe('solo.room');
    study.end(2, 'preempted');
    study.end(1, 'completed');
    expect(nextWork(study.state, study.now, 'w')).toMatchObject({ trial: 0, solo: true });
  });
});
