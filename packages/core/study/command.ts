// What can be asked of a study. Time and random ids come in with the command; `decide` is pure.

import type { ErrorInfo } from '../errors/index.ts';
import type { Suggestion } from '../sampler/sampler.ts';
import type { StudySpec } from '../space/study-spec.ts';
import type {
  AttemptEnd,
  Exit,
  LastWords,
  ReportItem,
  RunEnd,
  SlotUse,
  StudyEventBody,
  Waits,
  WireNumber,
  WorkerJoin,
} from './event.ts';
import type { Reason } from '../scheduler/scheduler.ts';

export type StudyCommand =
  | { kind: 'create'; spec: StudySpec }
  /**
   * No event when nothing changed. Refused when the objective or a parameter's type differs, a
   * parameter is gone, or one was added without a default for the trials so far.
   */
  | {
      kind: 'change-spec';
      spec: StudySpec;
      reason?: Reason;
      /** What the open run may use from now on, whatever the file says. */
      slots?: number;
    }
  /** Also ends attempts that an earlier, killed run left as running: `lost`. */
  | { kind: 'start-run'; slots: number; keepGoing: boolean }
  /** Time has passed: at the end of the time budget running attempts are told to stop. */
  | { kind: 'tick' }
  | { kind: 'end-run'; end: RunEnd; reason: Reason }
  /** A restarted owner takes up the open run as it is: attempts and workers stay live. */
  | { kind: 'resume-run' }
  | ({ kind: 'worker-joined' } & WorkerJoin)
  /**
   * Its live attempts end as `lost` (how: lost) or must have ended before (how: left). Without
   * `atUs`, its last word was at the run's last sign of life.
   */
  | ({ kind: 'worker-left'; worker: string; how: 'left' | 'lost'; atUs?: number } & LastWords)
  /** Another study takes the free slot, and began later than the slot's last exit. */
  | {
      kind: 'slot-left';
      worker: string;
      slot: number;
      atUs: number;
      fromUs?: number;
      waits?: Waits;
    }
  /**
   * Starts the next trial on a free slot (the worker's lowest unless named): a queued one, which
   * leaves `suggestion` unused, or a new one from `suggestion` (see `nextWork`). `reserve`: behind
   * the study's own trial that runs on the named slot.
   */
  | {
      kind: 'start-attempt';
      worker: string;
      slot?: number;
      suggestion?: Suggestion;
      fromUs?: number;
      reserve?: true;
    }
  /** What one exchange brought: at most one item an attempt; each is taken or rejected by itself. */
  | { kind: 'report'; items: ReportItem[] }
  | {
      kind: 'end-attempt';
      trial: number;
      attempt: number;
      end: AttemptEnd;
      /** The worker's sentence: what it saw. */
      why?: string;
      exit?: Exit;
      tail?: string[];
      use?: SlotUse;
      waits?: Waits;
    }
  | { kind: 'enqueue'; params: Record<string, unknown> }
  /** By a person: stop keeps the value so far, cancel forgets the trial. */
  | { kind: 'stop-trial'; trial: number; as: 'stopped' | 'cancelled'; reason: Reason }
  /** Its attempt ends and it waits, until it is resumed, out of the queue. */
  | { kind: 'pause-trial'; trial: number; reason: Reason }
  /** A paused trial goes to the front of the queue. */
  | { kind: 'resume-trial'; trial: number; reason: Reason }
  /** A running trial is asked to write a checkpoint now. */
  | { kind: 'checkpoint-trial'; trial: number; reason: Reason }
  /** Its attempt ends and it goes to the front of the queue. */
  | { kind: 'drain-trial'; trial: number; reason: Reason }

  // Live control. Asking for what is so already is no event.
  /** No new trials, running ones go on, the time budget stands still; outlives the run. */
  | { kind: 'pause-study'; reason: Reason }
  | { kind: 'resume-study'; reason: Reason }
  /** A failed, stopped or infeasible trial goes back to the queue, with all its retries. */
  | { kind: 'retry-trial'; trial: number; reason: Reason }
  /** An ended trial's result is forgotten: it is cancelled, and its place in the budget is free. */
  | { kind: 'discard-trial'; trial: number; reason: Reason }
  /** A completed or stopped trial gets another value, in the user's own direction. */
  | { kind: 'correct-trial'; trial: number; value: WireNumber; by: string; reason: Reason }
  /** No new trials for the worker until it is released; running ones go on. */
  | { kind: 'drain-worker'; worker: string; reason: Reason }
  | { kind: 'quarantine-worker'; worker: string; reason: Reason }
  | { kind: 'release-worker'; worker: string; reason: Reason };

/** Either the whole command becomes events, or it is refused and changes nothing. */
export type Outcome =
  | {
      events: StudyEventBody[];
      /** Of a `report`: the items, by their place, that were not taken. */
      rejected?: { item: number; error: ErrorInfo }[];
    }
  | { refused: ErrorInfo };

/** What a free slot should do now; a pure question to the state. */
export type NextWork =
  /**
   * A queued trial is waiting: `start-attempt` without a suggestion takes it. `solo`: the worker's
   * other slots will stay empty meanwhile.
   */
  | { work: 'queued'; trial: number; solo?: true }
  /** Ask the sampler for trial number `trial`. */
  | { work: 'suggest'; trial: number }
  /** Nothing to start here now, but something may come (a running trial may be retried). */
  | { work: 'wait'; category: 'decision' | 'tail' | 'drained'; reason: Reason }
  /** Nothing is running and nothing will come: end the run so. */
  | { work: 'finished'; end: RunEnd; reason: Reason };
