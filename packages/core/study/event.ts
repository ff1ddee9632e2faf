// The facts of a study. The log of these is the truth (DESIGN §4); every kind carries its own
// version `v`, and logs written by old releases must replay for ever. Metric values are the user's
// own (not negated); NaN and infinities are the strings "NaN", "Infinity", "-Infinity" so that a
// payload is plain JSON.

import type { ErrorInfo } from '../errors/index.ts';
import type { Reason } from '../scheduler/scheduler.ts';
import type { Params, StudySpec } from '../space/study-spec.ts';

export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

/**
 * Reports of one attempt, packed: row i is `{ step: step[i], [metric]: metrics[metric][i] }`; null
 * where a row lacks a metric.
 */
export interface ReportColumns {
  step: WireNumber[];
  metrics: Record<string, (WireNumber | null)[]>;
}

export interface ReportItem {
  trial: number;
  attempt: number;
  /** The index of the first row among the attempt's reports. */
  from: number;
  columns: ReportColumns;
}

/** What becomes of a trial whose attempt is told to stop. */
export type StopAs = 'stopped' | 'cancelled' | 'failed' | 'paused' | 'queued';

/** How an attempt ended (DESIGN §3). */
export type AttemptEnd = (typeof attemptEnds)[number];

export const attemptEnds = [
  'completed',
  'stopped',
  'paused',
  'preempted',
  'lost',
  'crashed',
  'out-of-memory',
  'timed-out',
  'invalid-metric',
  'cancelled',
] as const;

export type TrialState = (typeof trialStates)[number];

export const trialStates = [
  'queued',
  'running',
  'paused',
  'completed',
  'stopped',
  'failed',
  'infeasible',
  'cancelled',
] as const;

/** Exit of the program: a code or a signal; both absent for a function or when nobody saw it. */
export interface Exit {
  code?: number;
  signal?: string;
}

/**
 * Where and when on the worker's own monotonic clock (microseconds since the worker's process
 * began).
 */
export interface SlotUse {
  worker: string;
  slot: number;
  spawnedUs: number;
  exitedUs: number;
}

/**
 * Parts of a slot's idle time before an attempt that have a named cause other than a plain gap
 * (DESIGN §11).
 */
export interface Waits {
  suggestionUs: number;
  decisionUs: number;
  /** Nothing was left to start. */
  tailUs: number;
  drainedUs: number;
}

export interface WorkerJoin {
  worker: string;
  host: string;
  pid: number;
  slots: number;
  /** Of the worker's process: another one under its name is another worker. */
  incarnation?: string;
  /**
   * Other studies use its slots too: none is this study's own until an attempt, or the worker's
   * leave, says so.
   */
  shared?: true;
  /** The worker's clock as it joins; absent: 0. */
  nowUs?: number;
}

/** What a worker's leave closes the accounts of its slots with. */
export interface LastWords {
  idle: Waits[];
  /** Slots that are another study's by now, or nobody's: their time since the last exit is not ours. */
  elsewhere?: number[];
  /** By slot: since when (worker's clock) it was this study's own; null where the log knows. */
  fromUs?: (number | null)[];
}

export type RunEnd =
  'budget-trials' | 'budget-time' | 'target' | 'exhausted' | 'start-crash' | 'stopped' | 'drained';

export type StudyEventBody =
  | { kind: 'study-created'; v: 1; spec: StudySpec }
  /** The study file changed since the last run; `changed` names the top-level keys. */
  | { kind: 'spec-changed'; v: 1; spec: StudySpec; changed: string[]; reason?: Reason }
  /**
   * A coordinator begins to work on the study; closes a run that had no `run-ended` (a kill). No
   * slots: as many as there are.
   */
  | { kind: 'run-started'; v: 1; slots: number; keepGoing: boolean }
  | { kind: 'run-ended'; v: 1; end: RunEnd; reason: Reason }
  /** Nothing new is started, and the study's time stands still, until a person resumes it. */
  | { kind: 'study-paused'; v: 1; reason: Reason }
  | { kind: 'study-resumed'; v: 1; reason: Reason }
  /** The owner of the open run is another process now: everything goes on as it was. */
  | { kind: 'run-resumed'; v: 1 }
  | ({ kind: 'worker-joined'; v: 1 } & WorkerJoin)
  /**
   * `atUs`: the worker's clock at its last word; closes the ledger of its slots, `idle[slot]`
   * naming causes since the last exit.
   */
  | ({ kind: 'worker-left'; v: 1; worker: string; how: 'left' | 'lost'; atUs: number } & LastWords)
  /**
   * A free slot is another study's from `atUs` on (worker's clock), since that study began later
   * than the slot's last exit: the time up to then was this study's own, from `fromUs` where the
   * log does not know.
   */
  | {
      kind: 'slot-left';
      v: 1;
      worker: string;
      slot: number;
      atUs: number;
      fromUs?: number;
      waits?: Waits;
    }
  /** It gets no new trials until a person releases it; its running ones go on. */
  | { kind: 'worker-drained'; v: 1; worker: string; reason: Reason }
  | { kind: 'worker-quarantined'; v: 1; worker: string; reason: Reason }
  | { kind: 'worker-released'; v: 1; worker: string; reason: Reason }
  | {
      kind: 'trial-created';
      v: 1;
      trial: number;
      params: Params;
      /** `user` for enqueued params, else the sampler's name. */
      sampler: string;
      reason: Reason;
    }
  | {
      kind: 'attempt-started';
      v: 1;
      trial: number;
      attempt: number;
      worker: string;
      slot: number;
      fidelityTarget?: number;
      /** Since when (worker's clock) the slot is this study's own; absent: it already was. */
      fromUs?: number;
      /**
       * The slot still runs another trial: the attempt waits behind it on the worker, not begun,
       * and may be given back. It begins by its first report, by its own end, or as the other ends.
       */
      reserve?: true;
    }
  /** Everything that one exchange brought. */
  | {
      kind: 'reports';
      v: 1;
      items: ReportItem[];
    }
  | {
      kind: 'rung-reached';
      v: 1;
      trial: number;
      attempt: number;
      /** Index in the ladder of rungs that the study had then. */
      rung: number;
      step: number;
      /** Minimised. */
      loss: WireNumber;
      decision: 'continue' | 'stop';
      reason: Reason;
    }
  /** The attempt's worker is told to stop it; the attempt ends by its own `attempt-ended`. */
  | {
      kind: 'stop-requested';
      v: 1;
      trial: number;
      attempt: number;
      as: StopAs;
      reason: Reason;
    }
  /** The attempt's program is asked to write a checkpoint now, and goes on. */
  | { kind: 'checkpoint-requested'; v: 1; trial: number; attempt: number; reason: Reason }
  | {
      kind: 'attempt-ended';
      v: 1;
      trial: number;
      attempt: number;
      end: AttemptEnd;
      /**
       * What the worker called it, where `end` says it better (a completed attempt without a value
       * is `invalid-metric`).
       */
      told?: AttemptEnd;
      reason: Reason;
      exit?: Exit;
      /** Last lines of the program's output; with every failure. */
      tail?: string[];
      /** Absent when nobody saw the process (a lost worker, ask/tell). */
      use?: SlotUse;
      waits?: Waits;
    }
  /**
   * The trial goes back to the front of the queue for another attempt; `solo`: on a worker for
   * itself.
   */
  | { kind: 'trial-requeued'; v: 1; trial: number; reason: Reason; solo?: true }
  /**
   * Those attempts of it were a bad worker's doing: they use up no retries, and an end that came of
   * them is undone.
   */
  | { kind: 'trial-given-back'; v: 1; trial: number; attempts: number[]; reason: Reason }
  /** By a person: an ended trial goes back to the queue, with all its retries. */
  | { kind: 'trial-retried'; v: 1; trial: number; reason: Reason }
  /** By a person: the result is forgotten by everything but this log. */
  | { kind: 'trial-discarded'; v: 1; trial: number; reason: Reason }
  /** By a person: it waits, without an attempt and out of the queue. */
  | { kind: 'trial-paused'; v: 1; trial: number; reason: Reason }
  /** It goes to the front of the queue. */
  | { kind: 'trial-resumed'; v: 1; trial: number; reason: Reason }
  /** By a person: the objective's value was another one, in the user's own direction. */
  | {
      kind: 'trial-corrected';
      v: 1;
      trial: number;
      value: WireNumber;
      was: WireNumber;
      by: string;
      reason: Reason;
    }
  | {
      kind: 'trial-ended';
      v: 1;
      trial: number;
      state: 'completed' | 'stopped' | 'failed' | 'infeasible' | 'cancelled';
      /**
       * The objective's last report at the highest fidelity (the user's own direction); absent
       * without one.
       */
      value?: WireNumber;
      /** The fidelity of `value`. */
      step?: number;
      reason: Reason;
    }
  /**
   * Something the user should know about that is not an end, e.g. a repeated or decreasing step.
   */
  | { kind: 'trial-warned'; v: 1; trial: number; warning: ErrorInfo };

/**
 * `id` ascends by one per study from 1; `at` is milliseconds since the epoch on the coordinator's
 * clock.
 */
export type StudyEvent = { id: number; at: number } & StudyEventBody;
