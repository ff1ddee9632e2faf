// What everyone who looks at a study sees: the live view, `study show`, the API. Computed by
// `studyStatus`.

import type { Fidelity, Objective, OutcomeConstraint, Params } from '../space/study-spec.ts';
import type { Reason } from '../scheduler/scheduler.ts';
import type { Reserve } from '../study/reserves.ts';
import type { AttemptEnd, RunEnd, TrialState, WireNumber } from '../study/event.ts';

/** Losses of slot time (DESIGN §11); with `busyUs` they sum to `allocatedUs` exactly. */
export interface Losses {
  startUp: number;
  gap: number;
  suggestion: number;
  decision: number;
  tail: number;
  drained: number;
  /**
   * Busy time whose work was thrown away (lost and crashed attempts that were repeated, preempted
   * without a checkpoint).
   */
  lost: number;
}

export interface Utilization {
  slots: number;
  allocatedUs: number;
  busyUs: number;
  lossesUs: Losses;
  /** busyUs / allocatedUs, 0 without allocation. */
  share: number;
  /** busyUs / (allocatedUs − tail): what the search itself achieved. */
  shareWithoutTail: number;
  largestLoss?: { category: keyof Losses; share: number };
  /** Exit of one trial → spawn of the next on the same slot, milliseconds. */
  gapMs?: { count: number; p50: number; p99: number; max: number };
}

export interface Incumbent {
  trial: number;
  params: Params;
  value: WireNumber;
  /** The fidelity at which it leads. */
  step?: number;
  /** Parameters whose value the space, edited since, no longer has. */
  outside?: string[];
  /** Its last values of all kept metrics. */
  metrics: Record<string, WireNumber>;
}

export interface RunningAttempt {
  trial: number;
  attempt: number;
  /** Attempts that began, this one included: one that was handed back unbegun has its number, and is no second try. */
  begun: number;
  worker: string;
  params: Params;
  /** When the attempt started, milliseconds since the epoch. */
  sinceMs: number;
  fidelityTarget?: number;
  step?: number;
  value?: WireNumber;
  stopping: boolean;
  /** It has its worker for itself. */
  solo?: true;
}

/** Where the study's suggestions come from just now. */
export interface AdvisorStatus {
  /** Made when they are asked for, or ahead of demand in a thread of their own. */
  mode: 'inline' | 'thread';
  /** The study's sampler, the same with fewer candidates, or draws at random in its place. */
  step: 'full' | 'reduced' | 'random';
  /** Why it is so. */
  reason: Reason;
  queue: { ready: number; wanted: number };
  /** Trials that have ended since the newest suggestion in the queue was made. */
  modelLag: number;
  /** Suggestions so far, and the share of them that the fallback drew. */
  given: number;
  fallbackShare: number;
}

/** A worker as one of its studies sees it. */
export interface StudyWorker {
  worker: string;
  host: string;
  /** `paused`: no new trials until a person resumes it. `leaving`: it ends what it runs, and goes. */
  state: 'active' | 'paused' | 'quarantined' | 'leaving';
  /** Why it is not active. */
  reason?: string;
  slots: number;
  /** Slots that run a trial of this study, and those that run another one's. */
  running: number;
  elsewhere: number;
  /** The other slots: for how long each has been waiting, and why. */
  idle: { sinceMs: number; reason: Reason }[];
}

export interface StudyStatus {
  name: string;
  state: 'created' | 'running' | 'ended';
  end?: { end: RunEnd; reason: Reason };
  /** How often a restarted coordinator took the open run up again. */
  resumed?: number;
  /** By a person: nothing new is started. */
  paused?: { sinceMs: number; reason: Reason };
  /** The first one, where there are several. */
  objective: Objective;
  /** All of several; absent with one. */
  objectives?: Objective[];
  outcomeConstraints?: OutcomeConstraint[];
  fidelity?: Fidelity;
  seed: number;
  sampler: string;
  scheduler: string;
  budget: { trials?: number; timeMs?: number; target?: number };
  /** Trials that count against the budget. */
  trialsUsed: number;
  trials: Record<TrialState, number>;
  /** Running time summed over runs. */
  elapsedMs: number;
  /** Estimated from durations so far; absent before the first end. */
  etaMs?: number;
  /** Of one objective. */
  incumbent?: Incumbent;
  /** Of several: the trials that no other one beats in all of them, the first objective's best first. */
  front?: Incumbent[];
  /**
   * The trial of the space's defaults, at the highest fidelity it reached: what the search is
   * measured against.
   */
  baseline?: Incumbent;
  running: RunningAttempt[];
  /** Absent where nobody has asked for a suggestion, and in a store that is only read. */
  advisor?: AdvisorStatus;
  /** Absent in a store that is only read. */
  workers?: StudyWorker[];
  /** Workers that get no new trials until a person releases them. */
  held?: { worker: string; host: string; as: 'drained' | 'quarantined'; reason: Reason }[];
  /** Queued trials that need a worker for themselves, in their order. */
  solo?: { trial: number; reason: Reason }[];
  /** Queued trials that are on a worker already, each behind the one that its slot runs. */
  reserves?: Reserve[];
  /** Trials that wait until a person resumes them. */
  pausedTrials?: { trial: number; reason: Reason }[];
  rungs: { fidelity: number; reached: number; stopped: number; best?: WireNumber }[];
  /**
   * Fidelity units used by all trials, and those that stopping saved (max − reached, over stopped
   * trials).
   */
  stopping?: { spent: number; saved: number };
  utilization?: Utilization;
  failures: Partial<Record<AttemptEnd, number>>;
  lastFailure?: {
    trial: number;
    attempt: number;
    end: AttemptEnd;
    reason: Reason;
    tail?: string[];
  };
  lastEvent: number;
}
