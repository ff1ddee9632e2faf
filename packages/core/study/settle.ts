// What the end of an attempt means for its trial.

import type { Reason } from '../scheduler/scheduler.ts';
import type { StudySpec } from '../space/study-spec.ts';
import type { AttemptEnd, Exit } from './event.ts';
import { unusable } from './outcome.ts';
import {
  reachedFull,
  specOf,
  type RetryClass,
  type StudyState,
  type TrialRecord,
} from './state.ts';

/**
 * So many attempts of one run that were lost one after the other at the same point, the last one
 * alone on its worker: it is the trial that kills them.
 */
const POISON = 3;

export interface Settlement {
  /** The attempt's end, as it is recorded. */
  end: AttemptEnd;
  trial: 'queued' | 'paused' | 'completed' | 'stopped' | 'failed' | 'infeasible' | 'cancelled';
  reason: Reason;
  /** Queued for a worker of its own. */
  solo?: true;
  /** Stands in for a value that was none, in the user's direction. */
  value?: number;
}

export interface ToldEnd {
  end: AttemptEnd;
  why?: string;
  exit?: Exit;
}

export function settle(state: StudyState, trial: TrialRecord, told: ToldEnd): Settlement {
  return judged(specOf(state), trial, ending(state, trial, told));
}

/** A trial that has come to its end with a value may lack, or break, what else the study asks for. */
function judged(spec: StudySpec, trial: TrialRecord, settlement: Settlement): Settlement {
  const standsIn = settlement.value !== undefined;
  if (settlement.trial !== 'completed' || standsIn) return settlement;
  const problem = unusable(spec, trial.metrics);
  if (problem === undefined) return settlement;
  const { as, reason } = problem;
  return as === 'failed'
    ? settleInvalid(spec, trial, reason)
    : { ...settlement, trial: as, reason };
}

function ending(state: StudyState, trial: TrialRecord, told: ToldEnd): Settlement {
  const spec = specOf(state);
  const { end } = told;
  if (trial.stopping !== undefined) return settleStopping(spec, trial, end, trial.stopping);
  if (end === 'completed' && trial.value !== undefined) {
    return { end, trial: 'completed', reason: COMPLETED };
  }
  const reason = { code: end, text: sentence(told) };
  switch (end) {
    case 'completed':
      return settleValueless(spec, reason);
    case 'stopped':
      return { end, trial: reachedFull(spec, trial) ? 'completed' : 'stopped', reason };
    case 'timed-out':
      return settleTimedOut(spec, trial, reason);
    case 'crashed':
      return retried(spec, trial, 'crashed', reason) ?? gaveUp(spec, 'crashed', reason);
    case 'lost':
      return settleLost(state, trial, reason);
    case 'preempted':
    case 'paused':
      return { end, trial: 'queued', reason };
    case 'out-of-memory':
      return settleOutOfMemory(trial, reason);
    case 'invalid-metric':
      return settleInvalid(spec, trial, reason);
    case 'cancelled':
      return { end, trial: 'cancelled', reason };
  }
}

/** A decision to stop stands, however the attempt then ends. */
function settleStopping(
  spec: StudySpec,
  trial: TrialRecord,
  told: AttemptEnd,
  stopping: NonNullable<TrialRecord['stopping']>,
): Settlement {
  const { as, reason } = stopping;
  if (as === 'paused' || as === 'queued') return settleInterrupted(spec, trial, told, as, reason);
  if (as === 'failed') return settleInvalid(spec, trial, reason);
  if (as === 'cancelled') return { end: 'cancelled', trial: 'cancelled', reason };
  const unseen = told === 'lost' || told === 'preempted';
  // It may have come to its own end before it heard of the stop.
  if (reachedFull(spec, trial)) {
    const end = unseen || told === 'completed' ? told : 'stopped';
    return { end, trial: 'completed', reason };
  }
  if (told === 'completed' && spec.fidelity === undefined && trial.value !== undefined) {
    return { end: 'completed', trial: 'completed', reason: COMPLETED };
  }
  return { end: unseen ? told : 'stopped', trial: 'stopped', reason };
}

/** It gives up its slot, unless it came to its own end before it heard of that. */
function settleInterrupted(
  spec: StudySpec,
  trial: TrialRecord,
  told: AttemptEnd,
  as: 'paused' | 'queued',
  reason: Reason,
): Settlement {
  const whole = reachedFull(spec, trial) || (spec.fidelity === undefined && told === 'completed');
  if (whole && trial.value !== undefined)
    return { end: told, trial: 'completed', reason: COMPLETED };
  const end = as === 'paused' ? as : 'preempted';
  return { end: told === 'lost' ? told : end, trial: as, reason };
}

function settleValueless(spec: StudySpec, reason: Reason): Settlement {
  const text = `${reason.text} without a value of ${spec.objective.metric}`;
  return { end: 'invalid-metric', trial: 'failed', reason: { code: 'no-metric', text } };
}

/** Censored: what it reached in its time is known, and no more. */
function settleTimedOut(spec: StudySpec, trial: TrialRecord, reason: Reason): Settlement {
  const end = 'timed-out';
  if (reachedFull(spec, trial)) return { end, trial: 'completed', reason };
  const again = retried(spec, trial, end, reason);
  if (again !== undefined) return again;
  return trial.value === undefined ? gaveUp(spec, end, reason) : { end, trial: 'stopped', reason };
}

/** Beside others it may have been their doing; alone it was its own. */
function settleOutOfMemory(trial: TrialRecord, reason: Reason): Settlement {
  const end = 'out-of-memory';
  if (trial.solo === undefined) return { end, trial: 'queued', solo: true, reason };
  const text = `${reason.text}, with a worker for itself too`;
  return { end, trial: 'infeasible', reason: { code: end, text } };
}

/** The study file says what a value that is none means. */
function settleInvalid(spec: StudySpec, trial: TrialRecord, reason: Reason): Settlement {
  const end = 'invalid-metric';
  const again = retried(spec, trial, end, reason);
  if (again !== undefined) return again;
  const failed = gaveUp(spec, end, reason);
  switch (spec.invalidMetric ?? 'fail') {
    case 'fail':
      return failed;
    case 'infeasible':
      return { ...failed, trial: 'infeasible' };
    case 'worst': {
      const value = spec.objective.direction === 'maximize' ? -Infinity : Infinity;
      const text = `${failed.reason.text}: counts as the worst value`;
      return { end, trial: 'completed', reason: { code: end, text }, value };
    }
  }
}

function retried(
  spec: StudySpec,
  trial: TrialRecord,
  end: RetryClass,
  reason: Reason,
): Settlement | undefined {
  const left = (trial.used?.[end] ?? 0) < (spec.retries[end] ?? 0);
  return left ? { end, trial: 'queued', reason } : undefined;
}

function gaveUp(spec: StudySpec, end: RetryClass, { code, text: why }: Reason): Settlement {
  const allowed = spec.retries[end] ?? 0;
  const text = allowed === 0 ? why : `${why}, after ${times(allowed)}`;
  return { end, trial: 'failed', reason: { code, text } };
}

/**
 * Machines are lost without the trial's doing, and so are killed runs: neither may end a trial. Nor
 * may those that ran beside it, as long as it had no worker for itself.
 */
function settleLost(state: StudyState, trial: TrialRecord, reason: Reason): Settlement {
  const again = { end: 'lost', trial: 'queued', reason } as const;
  if (trial.attempts.at(-1)!.reserve) return again;
  const losses = lossesInARow(state, trial);
  if (losses < POISON) return again;
  const text = `${reason.text}, ${losses} times one after the other`;
  if (!isAlone(state, trial)) {
    return { ...again, solo: true, reason: { code: 'poison-suspect', text } };
  }
  return { end: 'lost', trial: 'failed', reason: { code: 'poison', text } };
}

/** Of its present run, at the step where the latest was lost: one that got further is not stuck. */
function lossesInARow({ run }: StudyState, { attempts }: TrialRecord): number {
  const step = attempts.at(-1)!.step;
  let losses = 0;
  for (let index = attempts.length - 1; index >= 0; index--) {
    const attempt = attempts[index]!;
    // One that had not begun says nothing of its trial.
    if (attempt.reserve) continue;
    // The latest one is only now ending.
    const { end = 'lost', startedAt } = attempt;
    const counts = end === 'lost' && startedAt >= (run?.startedAt ?? Infinity);
    if (!counts || attempt.step !== step) break;
    losses += 1;
  }
  return losses;
}

/** Of a worker that other studies share nobody here knows what else it ran. */
function isAlone({ workers }: StudyState, { solo, attempts }: TrialRecord): boolean {
  return solo === true || workers.get(attempts.at(-1)!.worker)?.slots.length === 1;
}

const COMPLETED: Reason = { code: 'completed', text: 'ran to its end' };

const WORDS: Record<AttemptEnd, string> = {
  completed: 'ended',
  stopped: 'stopped',
  paused: 'paused',
  preempted: 'its slot was taken away',
  lost: 'its worker was lost',
  crashed: 'crashed',
  'out-of-memory': 'ran out of memory',
  'timed-out': 'ran out of time',
  'invalid-metric': 'gave no usable value',
  cancelled: 'cancelled',
};

function sentence({ end, why, exit }: ToldEnd): string {
  if (why !== undefined && why !== '') return why;
  if (exit?.signal !== undefined) return `${WORDS[end]} (${exit.signal})`;
  if (exit?.code !== undefined) return `${WORDS[end]} (exit code ${exit.code})`;
  return WORDS[end];
}

function times(retries: number): string {
  return retries === 1 ? '1 retry' : `${retries} retries`;
}
