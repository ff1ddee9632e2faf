// How long a trial will take, from the latest ones of its study. The median, not the mean: one that
// hung for hours says nothing of the next.

import type { AttemptRecord, StudyState, TrialRecord } from '../study/state.ts';

export interface UsualLength {
  /** Of one step; without a fidelity, of a whole trial. */
  readonly paceMs: number;
  /** The steps at which trials ended, ascending; empty without a fidelity. */
  readonly reached: readonly number[];
}

/** So many of the latest trials that ran to an end count. */
const RECENT = 31;
/** Further back nobody looks, however few of them did. */
const LOOKED_AT = 200;

/** Undefined while no trial has come to an end of its own, or by the scheduler's word. */
export function usualLength({ trials, spec }: StudyState): UsualLength | undefined {
  const stepped = spec?.fidelity !== undefined;
  const paces: number[] = [];
  const reached: number[] = [];
  const oldest = Math.max(0, trials.length - LOOKED_AT);
  for (let number = trials.length - 1; number >= oldest && paces.length < RECENT; number--) {
    const trial = trials[number]!;
    const pace = paceOf(trial, stepped);
    if (pace === undefined) continue;
    paces.push(pace);
    if (stepped) reached.push(trial.step!);
  }
  const paceMs = median(paces);
  return paceMs === undefined ? undefined : { paceMs, reached: reached.sort((a, b) => a - b) };
}

/**
 * Milliseconds that a trial will go on which is at `step`: up to where those ended that got
 * further, and never beyond `target`.
 */
export function predictedMs(
  { paceMs, reached }: UsualLength,
  { step = 0, target }: { step?: number | undefined; target?: number | undefined },
): number {
  if (target === undefined) return paceMs;
  const further = reached.slice(reached.findIndex((end) => end > step));
  const goal = (reached.at(-1) ?? 0) > step ? median(further)! : target;
  return Math.max(0, Math.min(goal, target) - step) * paceMs;
}

/** Of its last attempt: what it did, not what it was to do. */
function paceOf({ state, attempts, step }: TrialRecord, stepped: boolean): number | undefined {
  if (state !== 'completed' && state !== 'stopped') return undefined;
  const last = attempts.at(-1);
  if (last?.busyUs === undefined) return undefined;
  const ms = last.busyUs / 1000;
  if (!stepped) return attempts.length === 1 ? ms : undefined;
  const steps = (last.step ?? 0) - latestStep(attempts.slice(0, -1));
  return steps > 0 && step !== undefined ? ms / steps : undefined;
}

function latestStep(attempts: readonly AttemptRecord[]): number {
  return attempts.reduce((latest, { step = 0 }) => Math.max(latest, step), 0);
}

/** The upper one of two, for a trial had better end too early than be cut off. */
function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
