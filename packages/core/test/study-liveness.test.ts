import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextWork, replay, toSnapshot, type AttemptEnd, type StudySpec } from '../index.ts';
import { specs } from './random-study.ts';
import { checkState } from './study-checks.ts';
import { studyDriver, suggestionOf, type StudyDriver } from './study-driver.ts';

const SLOTS = 3;

/** Faults by chance, in percent of ends, and then never more than so many in all. */
interface Faults {
  percent: number;
  left: number;
}

const FAULTS: AttemptEnd[] = ['crashed', 'lost', 'preempted', 'out-of-memory', 'timed-out'];

/**
 * A well-behaved worker: starts what there is to start, reports each step, stops when told, ends.
 */
function work(driver: StudyDriver, random: (n: number) => number, faults: Faults): string {
  driver.send({ kind: 'start-run', slots: SLOTS, keepGoing: true });
  driver.send({ kind: 'worker-joined', worker: 'w', host: 'h', pid: 1, slots: SLOTS });
  for (let turn = 0; turn < 20_000; turn++) {
    driver.now += 10;
    driver.send({ kind: 'tick' });
    const next = nextWork(driver.state, driver.now);
    if (next.work === 'finished') {
      expect(driver.send({ kind: 'end-run', end: next.end, reason: next.reason })).toBeUndefined();
      return next.end;
    }
    const { live } = driver.state;
    if (next.work !== 'wait' && live.size < SLOTS) {
      const suggestion = suggestionOf(random(1000) / 1000);
      expect(driver.send({ kind: 'start-attempt', worker: 'w', suggestion })).toBeUndefined();
      continue;
    }
    expect(live.size, 'a slot waits although nothing runs').toBeGreaterThan(0);
    advance(driver, [...live][random(live.size)]!, random, faults);
  }
  throw new Error('the study does not finish');
}

function advance(
  driver: StudyDriver,
  number: number,
  random: (n: number) => number,
  faults: Faults,
): void {
  const trial = driver.state.trials[number]!;
  const attempt = trial.attempts.length;
  const { rows } = trial.attempts.at(-1)!;
  const end = (as: AttemptEnd) =>
    driver.send({ kind: 'end-attempt', trial: number, attempt, end: as });
  if (trial.stopping !== undefined) return void end('stopped');
  if (faults.left > 0 && random(100) < faults.percent) {
    faults.left -= 1;
    return void end(FAULTS[random(FAULTS.length)]!);
  }
  if (rows >= (driver.state.spec!.fidelity?.max ?? 2)) return void end('completed');
  const columns = { step: [rows + 1], metrics: { loss: [random(1000) / 500 - 1] } };
  driver.send({ kind: 'report', trial: number, attempt, from: rows, columns });
}

function randomOf(seed: number): (n: number) => number {
  let word = seed;
  return (n) => (word = (word * 48271) % 2147483647) % n;
}

describe('a well-behaved worker', () => {
  it('always finishes the study, whatever fails on the way, and replay agrees', () => {
    const seeds = fc.integer({ min: 1, max: 1e6 });
    fc.assert(
      fc.property(specs, seeds, fc.nat(60), (spec: StudySpec, seed, percent) => {
        const driver = studyDriver(spec, false);
        const end = work(driver, randomOf(seed), { percent, left: 60 });
        expect(['budget-trials', 'budget-time', 'target']).toContain(end);
        if (end === 'budget-trials') {
          expect(driver.state.counts.queued + driver.state.counts.running).toBe(0);
          expect(driver.state.trials.length).toBe(spec.budget.trials);
        }
        checkState(driver.state);
        expect(toSnapshot(replay(driver.log))).toBe(toSnapshot(driver.state));
        // A finished study says so at once; with a larger budget it goes on.
        expect(nextWork(driver.state, driver.now).work).toBe('finished');
        const trials = driver.state.trials.length + 2;
        driver.send({ kind: 'change-spec', spec: { ...spec, budget: { trials } } });
        expect(work(driver, randomOf(seed), { percent: 0, left: 0 })).toBe('budget-trials');
        expect(driver.state.trials.length).toBe(trials);
      }),
      { seed: 20261123, numRuns: 60, interruptAfterTimeLimit: 20_000 },
    );
  });
});
