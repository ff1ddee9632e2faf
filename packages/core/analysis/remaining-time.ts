// How long a run will go on, as far as its trials so far tell.

import { budgetEndsAt } from '../study/next-work.ts';
import {
  liveAttempt,
  specOf,
  trialsUsed,
  type StudyState,
  type TrialRecord,
} from '../study/state.ts';
import { usualLength, type UsualLength } from './trial-length.ts';

/**
 * Trials to come at the mean time of one so far, and what is left of those that run, spread over the slots; at least
 * what the longest of them needs. Undefined while nothing tells, and for trials that are beyond every expectation.
 */
export function remainingMs(state: StudyState, now: number): number | undefined {
  const spec = specOf(state);
  const { counts } = state;
  const ended = counts.completed + counts.stopped + counts.failed + counts.infeasible;
  if (ended === 0) return undefined;
  const meanMs = state.attemptMs / ended;
  const toCome = Math.max(0, (spec.budget.trials ?? Infinity) - trialsUsed(state)) + counts.queued;
  const usual = spec.fidelity && usualLength(state);
  const left = [...state.live]
    .map((number) => state.trials[number]!)
    .filter((trial) => trial.state === 'running' && trial.stopping === undefined)
    .map((trial) => (usual ? restOf(trial, usual) : meanMs - ranMs(trial, now)))
    .map((ms) => Math.max(0, ms));
  const workMs = left.reduce((sum, ms) => sum + ms, toCome * meanMs);
  const slots = state.run?.slots || slotsThere(state);
  const endsAt = budgetEndsAt(state);
  const leftMs = endsAt === undefined ? Infinity : Math.max(0, endsAt - now);
  const etaMs = Math.round(Math.min(Math.max(workMs / slots, ...left), leftMs));
  return Number.isFinite(etaMs) && etaMs > 0 ? etaMs : undefined;
}

/**
 * Steps that it has still to make, up to where those ended on average that got further: who has passed a rung goes on
 * for longer than the many that were stopped before it.
 */
function restOf(trial: TrialRecord, { paceMs, reached }: UsualLength): number {
  const { step = 0, fidelityTarget = step } = liveAttempt(trial)!;
  const further = reached.filter((end) => end > step);
  const mean = further.reduce((sum, end) => sum + end, 0) / further.length;
  const goal = further.length > 0 ? Math.min(mean, fidelityTarget) : fidelityTarget;
  return (goal - step) * paceMs;
}

function ranMs(trial: TrialRecord, now: number): number {
  return Math.max(0, now - liveAttempt(trial)!.startedAt);
}

/** Of a run that may use all slots there are. */
function slotsThere({ workers }: StudyState): number {
  let slots = 0;
  for (const worker of workers.values()) slots += worker.slots.length;
  return Math.max(1, slots);
}
