import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mustReturn,
  nextWork,
  replay,
  reserves,
  toSnapshot,
  type AttemptEnd,
  type StudySpec,
} from '../index.ts';
import { specs } from './random-actions.ts';
import { checkState } from './study-checks.ts';
import { studyDriver, suggestionOf, type StudyDriver } from './study-driver.ts';

const SLOTS = 2;
const WORKERS = ['v', 'w'];

/** Faults by chance, in percent of turns, and then never more than so many in all. */
interface Faults {
  percent: number;
  left: number;
}

const FAULTS: AttemptEnd[] = ['crashed', 'lost', 'preempted', 'out-of-memory', 'timed-out'];
const reason = { code: 'user', text: 'by the test' };

/**
 * Well-behaved workers: start what there is to start, report each step, stop when told, end. People
 * hold things back and let them go.
 */
function work(driver: StudyDriver, random: (n: number) => number, faults: Faults): string {
  driver.send({ kind: 'start-run', slots: 2 * SLOTS, keepGoing: true });
  for (const worker of WORKERS) {
    driver.send({ kind: 'worker-joined', worker, host: 'h', pid: 1, slots: SLOTS });
  }
  for (let turn = 0; turn < 20_000; turn++) {
    driver.now += 10;
    driver.send({ kind: 'tick' });
    const next = nextWork(driver.state, driver.now);
    if (next.work === 'finished') {
      expect(driver.send({ kind: 'end-run', end: next.end, reason: next.reason })).toBeUndefined();
      return next.end;
    }
    if (random(100) < 10) intervene(driver, random, faults);
    if (WORKERS.some((worker) => startOn(driver, worker, random))) continue;
    if (giveBack(driver) || reserveOn(driver, WORKERS[random(2)]!, random)) continue;
    const { live } = driver.state;
    if (live.size > 0) advance(driver, [...live][random(live.size)]!, random, faults);
    else letGo(driver);
  }
  throw new Error('the study does not finish');
}

/** True when something was started: whenever it is said that it can be. */
function startOn(driver: StudyDriver, worker: string, random: (n: number) => number): boolean {
  const next = nextWork(driver.state, driver.now, worker);
  const { slots } = driver.state.workers.get(worker)!;
  if (next.work !== 'queued' && next.work !== 'suggest') return false;
  if (slots.every(({ trial }) => trial !== undefined)) return false;
  const suggestion = suggestionOf(random(1000) / 1000);
  expect(driver.send({ kind: 'start-attempt', worker, suggestion })).toBeUndefined();
  return true;
}

/** A trial behind one that runs, where no slot is free: true when there was one to wait. */
function reserveOn(driver: StudyDriver, worker: string, random: (n: number) => number): boolean {
  const { slots } = driver.state.workers.get(worker)!;
  const slot = slots.findIndex((it) => it.trial !== undefined && it.reserve === undefined);
  const next = nextWork(driver.state, driver.now, worker, true);
  const work = next.work === 'queued' || next.work === 'suggest';
  if (driver.state.spec!.reproducible || slot < 0 || !work || random(2) > 0) return false;
  const suggestion = suggestionOf(random(1000) / 1000);
  const command = { kind: 'start-attempt', worker, slot, suggestion, reserve: true } as const;
  expect(driver.send(command)).toBeUndefined();
  return true;
}

/** What must not begin, and what a free slot could run at once, is taken back. */
function giveBack(driver: StudyDriver): boolean {
  const { state, now } = driver;
  const waiting = reserves(state);
  const due = waiting.find((it) => mustReturn(state, it, now) !== undefined);
  const idle = [...state.workers.values()].some(
    ({ slots, held }) => !held && slots.some(({ trial }) => trial === undefined),
  );
  const back = due ?? (idle ? waiting[0] : undefined);
  if (back === undefined) return false;
  const { trial, attempt } = back;
  expect(driver.send({ kind: 'end-attempt', trial, attempt, end: 'preempted' })).toBeUndefined();
  return true;
}

function intervene(driver: StudyDriver, random: (n: number) => number, faults: Faults): void {
  if (faults.left <= 0) return;
  faults.left -= 1;
  const trial = random(driver.state.trials.length + 1);
  const worker = WORKERS[random(2)]!;
  driver.send(
    [
      { kind: 'pause-study', reason } as const,
      { kind: 'retry-trial', trial, reason } as const,
      { kind: 'discard-trial', trial, reason } as const,
      { kind: 'correct-trial', trial, value: 0.5, by: 'me', reason } as const,
      { kind: 'quarantine-worker', worker, reason } as const,
      { kind: 'drain-worker', worker, reason } as const,
      { kind: 'pause-trial', trial, reason } as const,
      { kind: 'resume-trial', trial, reason } as const,
      { kind: 'drain-trial', trial, reason } as const,
      { kind: 'resume-run' } as const,
    ][random(10)]!,
  );
}

/** Nothing runs and nothing starts: only what people, or the breaker, hold back may be the cause. */
function letGo(driver: StudyDriver): void {
  const { paused, workers } = driver.state;
  const held = [...workers.values()].filter((worker) => worker.held !== undefined);
  expect(paused !== undefined || held.length > 0, 'a slot waits for nothing').toBe(true);
  driver.send({ kind: 'resume-study', reason });
  for (const { id } of held) driver.send({ kind: 'release-worker', worker: id, reason });
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
  driver.send({ kind: 'report', items: [{ trial: number, attempt, from: rows, columns }] });
}

function used({ state }: StudyDriver): number {
  return state.trials.length - state.counts.cancelled;
}

function randomOf(seed: number): (n: number) => number {
  let word = seed;
  return (n) => (word = (word * 48271) % 2147483647) % n;
}

describe('well-behaved workers', () => {
  it('always finish the study, whatever fails or is held back, and replay agrees', () => {
    const seeds = fc.integer({ min: 1, max: 1e6 });
    fc.assert(
      fc.property(specs, seeds, fc.nat(60), (spec: StudySpec, seed, percent) => {
        const driver = studyDriver(spec, false);
        const end = work(driver, randomOf(seed), { percent, left: 60 });
        expect(['budget-trials', 'budget-time', 'target']).toContain(end);
        if (end === 'budget-trials') {
          expect(driver.state.counts.queued + driver.state.counts.running).toBe(0);
          expect(driver.state.live.size).toBe(0);
          expect(used(driver)).toBeGreaterThanOrEqual(spec.budget.trials!);
        }
        checkState(driver.state);
        expect(toSnapshot(replay(driver.log))).toEqual(toSnapshot(driver.state));
        // A finished study says so at once; with a larger budget it goes on.
        expect(nextWork(driver.state, driver.now).work).toBe('finished');
        const trials = used(driver) + 2;
        driver.send({ kind: 'change-spec', spec: { ...spec, budget: { trials } } });
        expect(work(driver, randomOf(seed), { percent: 0, left: 0 })).toBe('budget-trials');
        expect(used(driver)).toBe(trials);
      }),
      { seed: 20261123, numRuns: 60, interruptAfterTimeLimit: 20_000 },
    );
  });
});
