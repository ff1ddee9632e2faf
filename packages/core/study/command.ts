// What can be asked of a study. Time and random ids come in with the command; `decide` is pure.

import type { ErrorInfo } from '../errors/index.ts';
import type { Suggestion } from '../sampler/sampler.ts';
import type { StudySpec } from '../space/study-spec.ts';
import type {
  AttemptEnd,
  Exit,
  ReportColumns,
  RunEnd,
  SlotUse,
  StudyEventBody,
  Waits,
} from './event.ts';
import type { Reason } from '../scheduler/scheduler.ts';

export type StudyCommand =
  | { kind: 'create'; spec: StudySpec }
  /** No event when nothing changed. Refused when the objective or a parameter's type differs. */
  | { kind: 'change-spec'; spec: StudySpec }
  /** Also ends attempts that an earlier, killed run left as running: `lost`. */
  | { kind: 'start-run'; slots: number; keepGoing: boolean }
  /** Time has passed: at the end of the time budget running attempts are told to stop. */
  | { kind: 'tick' }
  | { kind: 'end-run'; end: RunEnd; reason: Reason }
  | { kind: 'worker-joined'; worker: string; host: string; pid: number; slots: number }
  /** Its live attempts end as `lost` (how: lost) or must have ended before (how: left). */
  | { kind: 'worker-left'; worker: string; how: 'left' | 'lost'; atUs: number; idle: Waits[] }
  /**
   * Starts the next trial on a free slot (the worker's lowest unless named): a queued one, which
   * leaves `suggestion` unused, or a new one from `suggestion` (see `nextWork`).
   */
  | { kind: 'start-attempt'; worker: string; slot?: number; suggestion?: Suggestion }
  | { kind: 'report'; trial: number; attempt: number; from: number; columns: ReportColumns }
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
  | { kind: 'stop-trial'; trial: number; as: 'stopped' | 'cancelled'; reason: Reason };

/** Either the whole command becomes events, or it is refused and changes nothing. */
export type Outcome = { events: StudyEventBody[] } | { refused: ErrorInfo };

/** What a free slot should do now; a pure question to the state. */
export type NextWork =
  /** A queued trial is waiting: `start-attempt` without a suggestion takes it. */
  | { work: 'queued'; trial: number }
  /** Ask the sampler for trial number `trial`. */
  | { work: 'suggest'; trial: number }
  /** Nothing to start now, but something may come (a running trial may be retried). */
  | { work: 'wait'; category: 'decision' | 'tail' | 'drained'; reason: Reason }
  /** Nothing is running and nothing will come: end the run so. */
  | { work: 'finished'; end: RunEnd; reason: Reason };
