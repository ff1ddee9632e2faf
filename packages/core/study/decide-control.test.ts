import { describe, expect, it } from 'vitest';
import { studyStatus } from '../analysis/study-status.ts';
import { bench } from '../test/one-slot.ts';
import { specWith, withoutFidelity } from '../test/study-driver.ts';
import { budgetEndsAt, nextWork } from './next-work.ts';
import { elapsedMs } from './state.ts';

const reason = { code: 'user', text: 'the disk is full' };
const pause = { kind: 'pause-study' as const, reason };
const resume = { kind: 'resume-study' as const, reason };

describe('a pause', () => {
  it('starts nothing new, lets running trials end, and says why', () => {
    const study = bench(specWith());
    study.start();
    study.send(pause);
    study.send(pause);
    expect(study.log.filter(({ kind }) => kind === 'study-paused').length).toBe(1);
    const wait = { work: 'wait', category: 'drained', reason };
    expect(nextWork(study.state, study.now)).toEqual(wait);
    expect(() => study.start()).toThrow('study.no-work');
    study.report(0, [1]);
    study.end(0, 'crashed');
    expect(nextWork(study.state, study.now)).toEqual(wait);
    expect(studyStatus(study.state, study.now).paused).toEqual({ sinceMs: study.now, reason });
    study.send(resume);
    study.send(resume);
    expect(study.start()).toBe(0);
    expect(studyStatus(study.state, study.now).paused).toBeUndefined();
  });

  it('stops the clock of the time budget', () => {
    const study = bench(specWith({ budget: { timeMs: 1000 } }));
    study.now += 400;
    study.send(pause);
    study.now += 5000;
    expect(elapsedMs(study.state, study.now)).toBe(400);
    expect(budgetEndsAt(study.state)).toBeUndefined();
    expect(nextWork(study.state, study.now)).toMatchObject({ work: 'wait', reason });
    study.send(resume);
    expect(budgetEndsAt(study.state)).toBe(study.now + 600);
    study.now += 100;
    expect(elapsedMs(study.state, study.now)).toBe(500);
  });

  it('outlives its run and a kill, but does not keep a finished study open', () => {
    const study = bench(withoutFidelity({ budget: { trials: 1 } }));
    study.start();
    study.send(pause);
    study.now += 50;
    study.send({ kind: 'start-run', slots: 1, keepGoing: false });
    study.now += 50;
    expect(elapsedMs(study.state, study.now)).toBe(0);
    study.send({ kind: 'worker-joined', worker: 'w', host: 'h', pid: 2, slots: 1 });
    expect(nextWork(study.state, study.now)).toMatchObject({ work: 'wait', reason });
    study.send(resume);
    study.report(study.start(), [1]);
    study.end(0, 'completed');
    study.send(pause);
    expect(nextWork(study.state, study.now)).toMatchObject({ work: 'finished' });
  });

  it('needs a run', () => {
    const study = bench(specWith());
    study.send({ kind: 'end-run', end: 'drained', reason });
    expect(study.send(pause)).toBe('study.not-running');
    expect(study.send(resume)).toBe('study.not-running');
  });
});

describe('a worker that is held', () => {
  it('gets nothing new while others do, until it is released', () => {
    for (const kind of ['drain-worker', 'quarantine-worker'] as const) {
      const study = bench(specWith());
      study.start();
      study.fresh();
      expect(study.send({ kind, worker: 'w', reason })).toBeUndefined();
      study.send({ kind, worker: 'w', reason });
      expect(study.fresh().length).toBe(1);
      expect(nextWork(study.state, study.now, 'w')).toMatchObject({ category: 'drained', reason });
      expect(nextWork(study.state, study.now)).toEqual({ work: 'suggest', trial: 1 });
      study.report(0, [1]);
      study.end(0, 'completed');
      expect(studyStatus(study.state, study.now).held).toHaveLength(1);
      study.send({ kind: 'release-worker', worker: 'w', reason });
      expect(study.start()).toBe(1);
    }
  });

  it('stays in quarantine when another process takes its name, until a person releases it', () => {
    const study = bench(specWith());
    study.send({ kind: 'quarantine-worker', worker: 'w', reason });
    study.send({ kind: 'worker-left', worker: 'w', how: 'left', atUs: 5, idle: [] });
    const join = { kind: 'worker-joined' as const, worker: 'w', host: 'h', slots: 1 };
    study.send({ ...join, pid: 2 });
    expect(nextWork(study.state, study.now, 'w')).toMatchObject({ category: 'drained', reason });
    study.send({ kind: 'worker-left', worker: 'w', how: 'left', atUs: 5, idle: [] });
    expect(study.send({ kind: 'release-worker', worker: 'w', reason })).toBeUndefined();
    study.send({ ...join, pid: 3 });
    expect(study.start()).toBe(0);
  });

  it('that was drained takes part again when another process takes its name', () => {
    const study = bench(specWith());
    study.send({ kind: 'drain-worker', worker: 'w', reason });
    study.send({ kind: 'worker-joined', worker: 'w', host: 'h', pid: 2, slots: 1 });
    expect(study.start()).toBe(0);
  });

  it('has to have joined', () => {
    const study = bench(specWith());
    expect(study.send({ kind: 'drain-worker', worker: 'x', reason })).toBe('worker.unknown');
    expect(study.send({ kind: 'release-worker', worker: 'x', reason })).toBe('worker.unknown');
  });
});
