// The state that events fold into. Plain data, except for what `derive` rebuilds from it (the
// search space, the scheduler's tables, the standing): a snapshot holds the former only. Owned by
// whoever calls `evolve`, which changes it in place; everyone else only reads.

import { assert, type ErrorInfo } from '../errors/index.ts';
import type { Reason, Scheduler } from '../scheduler/scheduler.ts';
import type { Adopt } from '../space/adopt.ts';
import type { SearchSpace } from '../space/search-space.ts';
import type { Fidelity, Params, StudySpec } from '../space/study-spec.ts';
import type { AttemptEnd, Exit, RunEnd, StopAs, TrialState } from './event.ts';
import { newGapHistogram, type GapHistogram } from './gap-histogram.ts';
import { newLedger, type Ledger, type SlotAccount } from './ledger.ts';
import { lossIn } from './outcome.ts';
import { newQueue, type Queue } from './queue.ts';
import { newStanding, type Standing } from './standing.ts';

/** One execution of a trial; its number is its place in `attempts`, from 1. See records.ts. */
export interface AttemptRecord {
  worker: string;
  slot: number;
  startedAt: number;
  fidelityTarget?: number | undefined;
  /** It waits behind another on its slot; or did until its end, without having begun. */
  reserve?: true | undefined;
  /** Rows of reports taken, doubled steps included: the index of the next one. */
  rows: number;
  /** The step of its last kept report. */
  step?: number | undefined;
  endedAt?: number | undefined;
  end?: AttemptEnd | undefined;
  /** What the worker called its end, where that differs. */
  told?: AttemptEnd | undefined;
  reason?: Reason | undefined;
  exit?: Exit | undefined;
  /** From spawn to exit, as booked in the ledger. */
  busyUs?: number | undefined;
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
  startedAt?: number | undefined;
  endedAt?: number | undefined;
  /** Ids of its first and last event, the order in which samplers learn of them. */
  createdEvent: number;
  endedEvent?: number | undefined;
  /** Losses by rung of the present ladder; NaN where it jumped over one. */
  passed: readonly number[];
  /**
   * The objective's last report at the highest fidelity; it no longer moves once the full fidelity
   * is reached.
   */
  value?: number | undefined;
  step?: number | undefined;
  metrics: Record<string, number>;
  /** Reports of the objective that were kept, over all attempts. */
  reports: number;
  /** The last of them (see recent-reports.ts). */
  recent: number[] | string;
  warnings: readonly ErrorInfo[];
  /** Told to stop, and what it will be then. */
  stopping?: { as: StopAs; reason: Reason } | undefined;
  /** Attempts that used up retries of their class, since a person last sent it back. */
  used?: Partial<Record<RetryClass, number>>;
  /** It ran out of memory, or was lost too often, beside others: it gets a worker for itself. */
  solo?: true;
  /** Its place in the queue; older places are void. */
  ticket?: number | undefined;
  /** The rung where the scheduler stopped it. */
  stoppedRung?: number | undefined;
  /** A person forgot its result. */
  discarded?: true;
  /** A person replaced its value. */
  corrected?: { by: string; reason: Reason };
  /** Parameters whose value the space, edited since, no longer has. */
  outside?: string[];
  /** Last lines of the last attempt that failed. */
  tail?: string[];
}

/** Failures of an attempt that `retries` in the study file limits. */
export type RetryClass = 'crashed' | 'timed-out' | 'invalid-metric';

export interface WorkerRecord {
  id: string;
  host: string;
  pid: number;
  incarnation?: string;
  /** Its slots are other studies' too. */
  shared?: true;
  joinedAt: number;
  /** The worker's clock then, where that was not 0. */
  joinedUs?: number;
  /** Time since then in which nobody owned the run, by clocks that may have been set meanwhile. */
  unownedMs?: number;
  slots: SlotRecord[];
  /** Attempts that came to a result here. */
  done: number;
  /** Attempts that failed fast, one after the other. */
  row: FastFailure[];
  /** It gets no new trials until a person releases it. */
  held?: WorkerHold;
}

export interface SlotRecord extends SlotAccount {
  /** The trial that it runs, and the one that waits behind it. */
  trial?: number | undefined;
  reserve?: number | undefined;
}

export interface FastFailure {
  trial: number;
  attempt: number;
}

export interface WorkerHold {
  as: 'drained' | 'quarantined';
  reason: Reason;
}

export interface Run {
  startedAt: number;
  /** Its last sign of life. What people change after a kill is none. */
  aliveAt: number;
  /** From when its time is not yet in `closedMs`: its start, or the end of its last pause. */
  since: number;
  slots: number;
  keepGoing: boolean;
  /** How often another process took it up. */
  resumed?: number;
  /** The number of slots was edited while it went on: at most so many attempts at a time. */
  limit?: number;
}

export interface StudyState {
  spec: StudySpec | undefined;
  /** Id and time of the last event; 0 before the first. */
  lastEvent: number;
  lastAt: number;
  createdAt: number;
  trials: TrialRecord[];
  counts: Record<TrialState, number>;
  /** Trials that go before new suggestions (see lanes.ts). */
  requeued: Queue;
  solo: Queue;
  enqueued: Queue;
  workers: Map<string, WorkerRecord>;
  /** By worker: it stays in quarantine when its process ends and another takes its name. */
  quarantine: Record<string, Reason>;
  run: Run | undefined;
  /** A person paused the study: nothing new is started, and its time stands still. */
  paused: { at: number; reason: Reason } | undefined;
  runs: number;
  /** Slots of the latest run. */
  lastSlots: number;
  /** Running time up to the run's `since`. */
  closedMs: number;
  end: { end: RunEnd; reason: Reason } | undefined;
  /** The sampler had nothing left to propose for this space. */
  exhausted: boolean;
  /** Trials on the Pareto front, in the order in which they came; absent with one objective. */
  front?: number[];
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
  /** Of attempts that came to a result, microseconds. */
  durations: GapHistogram;
  ledger: Ledger;

  // Derived from the above.
  space: SearchSpace | undefined;
  /** How params of earlier versions of the space look in this one. */
  adopt: Adopt | undefined;
  scheduler: Scheduler | undefined;
  standing: Standing;
  live: Set<number>;
  pausedTrials: Set<number>;
  /** The worker that makes room when a trial needs one for itself. */
  soloHost: string | undefined;
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
    solo: newQueue(),
    enqueued: newQueue(),
    workers: new Map(),
    quarantine: {},
    run: undefined,
    paused: undefined,
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
    durations: newGapHistogram(),
    ledger: newLedger(),
    space: undefined,
    adopt: undefined,
    scheduler: undefined,
    standing: newStanding(0),
    live: new Set(),
    pausedTrials: new Set(),
    soloHost: undefined,
  };
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
  return lossIn(spec.objective, value);
}

/** The attempt that holds the trial's lease; a reserve holds one too. */
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

/**
 * Running time summed over runs, pauses left out; a run that was killed counts until its last sign
 * of life.
 */
export function elapsedMs({ run, paused, closedMs }: StudyState, now: number): number {
  if (run === undefined) return closedMs;
  return closedMs + Math.max(0, Math.min(now, paused?.at ?? Infinity) - run.since);
}

/** Feasible as far as is known: may lead. A value that stands in for an invalid one may not. */
export function counts(trial: TrialRecord): boolean {
  const { state, attempts, corrected } = trial;
  if (state === 'failed' || state === 'infeasible' || state === 'cancelled') return false;
  if (state !== 'completed' || corrected !== undefined) return true;
  return attempts.at(-1)?.end !== 'invalid-metric';
}

export function setState(state: StudyState, trial: TrialRecord, to: TrialState): void {
  state.counts[trial.state] -= 1;
  state.counts[to] += 1;
  trial.state = to;
  if (to === 'paused') state.pausedTrials.add(trial.number);
  else state.pausedTrials.delete(trial.number);
}

/** The trial comes to its end by this stop, and does not merely give up its slot. */
export function isEnding({ stopping }: TrialRecord): boolean {
  return stopping !== undefined && stopping.as !== 'paused' && stopping.as !== 'queued';
}

/** Fidelity units that the trial's early stop saved. */
export function savedBy({ max }: Fidelity, trial: TrialRecord): number {
  return Math.max(0, max - (trial.step ?? 0));
}
