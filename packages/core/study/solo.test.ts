import { describe, expect, it } from 'vitest';
import { studyStatus } from '../analysis/study-status.ts';
import { bench, type Bench } from '../test/one-slot.ts';
import { specWith, suggestionOf } from '../test/study-driver.ts';
import { nextWork } from './next-work.ts';

function join(study: Bench, worker: string, slots: number): void {
  study.send({ kind: 'worker-joined', worker, host: 'h', pid: 2, slots });
}

function startOn(study: Bench, worker: string): string | undefined {
  return study.send({ kind: 'start-attempt', worker, suggestion: suggestionOf(0.5) });
}

const next = (study: Bench, worker?: string) => nextWork(study.state, study.now, worker);

describe('a trial that ran out of memory', () => {
  it('runs once more with a worker for itself, and then is infeasible', () => {
    const study = bench(specWith(), 2);
    study.end(study.start(), 'out-of-memory', { why: 'was killed for its memory' });
    expect(study.state.trials[0]).toMatchObject({ state: 'queued', solo: true });
    expect(next(study, 'w')).toEqual({ work: 'queued', trial: 0, solo: true });
    expect(study.start()).toBe(0);
    expect(next(study, 'w')).toMatchObject({
      work: 'wait',
      category: 'decision',
      reason: { code: 'solo.running', text: expect.stringContaining('trial 0') },
    });
    expect(startOn(study, 'w')).toBe('study.no-work');
    study.end(0, 'out-of-memory', { why: 'was killed for its memory' });
    expect(study.state.trials[0]).toMatchObject({
      state: 'infeasible',
      reason: { text: 'was killed for its memory, with a worker for itself too' },
    });
    expect(study.changes.at(-1)!.outcome).toEqual({ state: 'infeasible' });
    expect(study.start()).toBe(1);
  });

  it('that is lost or preempted there stays in line for a worker of its own', () => {
    const study = bench(specWith(), 2);
    study.end(study.start(), 'out-of-memory');
    study.end(study.start(), 'preempted');
    expect(next(study, 'w')).toMatchObject({ trial: 0, solo: true });
    expect(studyStatus(study.state, study.now).solo).toMatchObject([
      { trial: 0, reason: { code: 'preempted' } },
    ]);
  });

  it('gets room on one worker, while the others go on', () => {
    const study = bench(specWith(), 3);
    join(study, 'x', 2);
    study.start();
    study.start();
    startOn(study, 'x');
    study.end(0, 'out-of-memory');
    // The fewest slots to clear are those of x.
    expect(next(study, 'x')).toMatchObject({ work: 'wait', reason: { code: 'solo.room' } });
    expect(next(study, 'w')).toEqual({ work: 'suggest', trial: 3 });
    study.end(2, 'preempted');
    expect(next(study, 'x')).toEqual({ work: 'queued', trial: 0, solo: true });
    expect(startOn(study, 'x')).toBeUndefined();
    expect(study.state.trials[0]).toMatchObject({ state: 'running' });
    expect(next(study, 'w')).toEqual({ work: 'queued', trial: 2 });
  });

  it('is taken by whoever has nothing else to do', () => {
    const study = bench(specWith(), 1);
    join(study, 'x', 8);
    study.start();
    startOn(study, 'x');
    study.end(1, 'out-of-memory');
    expect(study.state.soloHost).toBe('w');
    expect(next(study, 'x')).toMatchObject({ trial: 1, solo: true });
  });

  it('waits, with its reason, while nobody may make room', () => {
    const study = bench(specWith({ budget: { trials: 2 } }), 2);
    study.start();
    study.start();
    study.end(0, 'out-of-memory');
    const reason = { code: 'user', text: 'maintenance at noon' };
    study.send({ kind: 'drain-worker', worker: 'w', reason });
    expect(study.state.soloHost).toBeUndefined();
    expect(next(study, 'w')).toMatchObject({ work: 'wait', category: 'drained', reason });
    study.end(1, 'preempted');
    join(study, 'x', 2);
    expect(startOn(study, 'x')).toBeUndefined();
    expect(next(study, 'x')).toMatchObject({ work: 'wait', reason: { code: 'solo.running' } });
  });
});
