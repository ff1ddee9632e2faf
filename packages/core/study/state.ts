// The state that events fold into. Plain data, except for what `derive` rebuilds from it (the
// search space, the scheduler's tables, the standing): a snapshot holds the former only. Owned by
// whoever calls `evolve`, which changes it in place; everyone else only reads.

import { assert, type ErrorInfo } from '../errors/index.ts';
import { createScheduler } from '../scheduler/create-scheduler.ts';
import type { Reason, Scheduler } from '../scheduler/scheduler.ts';
import { searchSpace, type SearchSpace } from '../space/search-space.ts';
import type { Params, StudySpec } from '../space/study-spec.ts';
import type { AttemptEnd, Exit, RunEnd, TrialState } from './event.ts';
import { newLedger, type Ledger, type SlotAccount } from './ledger.ts';
import { newQueue, type Queue } from './queue.ts';
import { newStanding, place, type Standing } from './standing.ts';

/** One execution of a trial; its number is its place in `attempts`, from 1. */
export interface AttemptRecord {
  worker: string;
  slot: number;
  startedAt: number;
  fidelityTarget?: number;
  /** Rows of reports taken, doubled steps included: the index of the next one. */
  rows: number;
  /** The step of its last kept report. */
  step?: number;
  endedAt?: number;
  end?: AttemptEnd;
  /** What the worker called its end, where that differs. */
  told?: AttemptEnd;
  reason?: Reason;
  exit?: Exit;
  /** From spawn to exit, as booked in the ledger. */
  busyUs?: number;
}

/** Numbers here may be NaN or infinite (metrics) and are the user's own, not negated. */
export interface TrialRecord {
  number: number;
  state: TrialState;
  params: Params;
  sampler: string;
  /** Why it was proposed. */
  origin: Reason;
  /** Why it is in its state. */
  reason: Reason;
  attempts: AttemptRecord[];
  createdAt: number;
  startedAt?: number;
  endedAt?: number;
  /** Ids of its first and last event, the order in which samplers learn of them. */
  createdEvent: number;
  endedEvent?: number;
  /** Losses by rung of the present ladder; NaN where it jumped over one. */
  passed: number[];
  /**
   * The objective's last report at the highest fidelity; it no longer moves once the full fidelity
   * is reached.
   */
  value?: number;
  step?: number;
  metrics: Record<string, number>;
  /** Reports of the objective that were kept, over all attempts. */
  reports: number;
  /** The last of them as step, value, step, value, …: at most RECENT_REPORTS. */
  recent: number[];
  warnings: ErrorInfo[];
  /** Told to stop, and what it will be then. */
  stopping?: { as: 'stopped' | 'cancelled' | 'failed'; reason: Reason };
  crashes: number;
  /** Last lines of the last attempt that failed. */
  tail?: string[];
}

export const RECENT_REPORTS = 32;

export interface WorkerRecord {
  id: string;
  host: string;
  pid: number;
  joinedAt: number;
  slots: (SlotAccount & { trial?: number })[];
}

export interface Run {
  startedAt: number;
  /** Its last sign of life. What people change after a kill is none. */
  aliveAt: number;
  slots: number;
  keepGoing: boolean;
}

export interface StudyState {
  spec: StudySpec | undefined;
  /** Id and time of the last event; 0 before the first. */
  lastEvent: number;
  lastAt: number;
  createdAt: number;
  trials: TrialRecord[];
  counts: Record<TrialState, number>;
  /** Trials that go before new suggestions: those that were started before, then enqueued ones. */
  requeued: Queue;
  enqueued: Queue;
  workers: Map<string, WorkerRecord>;
  run: Run | undefined;
  runs: number;
  /** Slots of the latest run. */
  lastSlots: number;
  /** Running time of the runs that are over. */
  closedMs: number;
  end: { end: RunEnd; reason: Reason } | undefined;
  /** The sampler had nothing left to propose for this space. */
  exhausted: boolean;
  /** The start-crash rule (DESIGN §15.5): ends of attempts that are the program's own doing. */
  start: { ended: number; crashed: number; reported: boolean };
  /** The space was changed, so that params of earlier trials may not fit it. */
  spaceChanged: boolean;
  failures: Partial<Record<AttemptEnd, number>>;
  lastFailure: { trial: number; attempt: number } | undefined;
  /** Fidelity units used by all attempts, and those that early stops saved. */
  spent: number;
  saved: number;
  /** Trials that were compared, and those stopped, at each rung of the present ladder. */
  reachedAt: number[];
  stoppedAt: number[];
  /** Attempts that have ended and their time, on the coordinator's clock. */
  attemptsEnded: number;
  attemptMs: number;
  ledger: Ledger;

  // Derived from the above.
  space: SearchSpace | undefined;
  scheduler: Scheduler | undefined;
  standing: Standing;
  live: Set<number>;
}

export function emptyStudy(): StudyState {
  return {
    spec: undefined,
    lastEvent: 0,
    lastAt: 0,
    createdAt: 0,
    trials: [],
    counts: {
      queued: 0,
      running: 0,
      paused: 0,
      completed: 0,
      stopped: 0,
      failed: 0,
      infeasible: 0,
      cancelled: 0,
    },
    requeued: newQueue(),
    enqueued: newQueue(),
    workers: new Map(),
    run: undefined,
    runs: 0,
    lastSlots: 0,
    closedMs: 0,
    end: undefined,
    exhausted: false,
    start: { ended: 0, crashed: 0, reported: false },
    spaceChanged: false,
    failures: {},
    lastFailure: undefined,
    spent: 0,
    saved: 0,
    reachedAt: [],
    stoppedAt: [],
    attemptsEnded: 0,
    attemptMs: 0,
    ledger: newLedger(),
    space: undefined,
    scheduler: undefined,
    standing: newStanding(0),
    live: new Set(),
  };
}

/** Rebuilds what follows from the rest: O(n log n). */
export function derive(state: StudyState): void {
  if (state.spec === undefined) return;
  state.space = searchSpace(state.spec.space, state.spec.constraints);
  rebuildLadder(state, createScheduler(state.spec.scheduler, state.spec.fidelity));
  state.live = new Set();
  for (const trial of state.trials) if (liveAttempt(trial)) state.live.add(trial.number);
}

/** Fills a fresh scheduler and the standing from what the trials have reached. */
function rebuildLadder(state: StudyState, scheduler: Scheduler): void {
  state.scheduler = scheduler;
  state.standing = newStanding(levelCount(state));
  for (const trial of state.trials) {
    trial.passed.forEach((loss, rung) => {
      if (Number.isNaN(loss)) return;
      scheduler.record(rung, loss);
      place(state.standing, rung, trial.number, loss);
    });
    placeEnd(state, trial);
  }
}

/**
 * What a trial's end says about its place: a completed one is a full evaluation, wherever its steps
 * ended.
 */
export function placeEnd(state: StudyState, trial: TrialRecord): void {
  if (trial.value === undefined) return;
  const top = state.standing.levels.length - 1;
  const loss = lossOf(specOf(state), trial.value);
  if (trial.state === 'completed' && !cutShort(specOf(state), trial)) {
    place(state.standing, top, trial.number, loss);
  }
  // Without a fidelity, a value that was cut short is comparable with its like, and below every
  // complete one.
  if (trial.state === 'stopped' && specOf(state).fidelity === undefined) {
    place(state.standing, 0, trial.number, loss);
  }
}

/** It ended at the full fidelity of its day, which the study has raised since. */
function cutShort({ fidelity }: StudySpec, trial: TrialRecord): boolean {
  const target = trial.attempts.at(-1)?.fidelityTarget;
  if (fidelity === undefined || target === undefined) return false;
  const step = trial.step ?? 0;
  return step >= target && step < fidelity.max;
}

/**
 * Levels at which incumbents are compared, the full evaluation last: the rungs, or else the ends.
 */
function levelCount(state: StudyState): number {
  const rungs = schedulerOf(state).rungs.length;
  if (rungs > 0) return rungs;
  return specOf(state).fidelity === undefined ? 2 : 1;
}

export function specOf(state: StudyState): StudySpec {
  assert(state.spec !== undefined, 'the study has not been created');
  return state.spec;
}

export function schedulerOf(state: StudyState): Scheduler {
  assert(state.scheduler !== undefined, 'the study has not been created');
  return state.scheduler;
}

export function spaceOf(state: StudyState): SearchSpace {
  assert(state.space !== undefined, 'the study has not been created');
  return state.space;
}

/** Core always minimises. */
export function lossOf(spec: StudySpec, value: number): number {
  return spec.objective.direction === 'maximize' ? 0 - value : value;
}

/** The attempt that holds the trial's lease. */
export function liveAttempt(trial: TrialRecord): AttemptRecord | undefined {
  const last = trial.attempts.at(-1);
  return last?.end === undefined ? last : undefined;
}

export function reachedFull(spec: StudySpec, trial: TrialRecord): boolean {
  return spec.fidelity !== undefined && (trial.step ?? -Infinity) >= spec.fidelity.max;
}

/** Trials that count against the budget. */
export function trialsUsed(state: StudyState): number {
  return state.trials.length - state.counts.cancelled;
}

/** Running time summed over runs; one that was killed counts until its last sign of life. */
export function elapsedMs(state: StudyState, now: number): number {
  return state.closedMs + (state.run === undefined ? 0 : Math.max(0, now - state.run.startedAt));
}
