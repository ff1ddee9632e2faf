// What follows from the rest of the state: rebuilt after a snapshot or an edit, kept up by events.

import { createScheduler } from '../scheduler/create-scheduler.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import { adoptInto } from '../space/adopt.ts';
import { completeSpec } from '../space/complete-spec.ts';
import { searchSpace } from '../space/search-space.ts';
import type { StudySpec } from '../space/study-spec.ts';
import { violationOf } from './outcome.ts';
import { soloHost } from './solo.ts';
import { newStanding, place, unplace } from './standing.ts';
import {
  liveAttempt,
  lossOf,
  schedulerOf,
  specOf,
  type StudyState,
  type TrialRecord,
} from './state.ts';

/** Rebuilds what follows from the rest, `trials` being all that are at hand: O(n log n). */
export function derive(state: StudyState, trials: readonly TrialRecord[] = state.trials): void {
  if (state.spec === undefined) return;
  state.spec = completeSpec(state.spec);
  state.space = searchSpace(state.spec.space, state.spec.constraints);
  state.adopt = adoptInto(state.space);
  rebuildLadder(state, createScheduler(state.spec.scheduler, state.spec.fidelity), trials);
  state.live = new Set();
  state.pausedTrials = new Set();
  for (const trial of trials) {
    if (liveAttempt(trial)) state.live.add(trial.number);
    if (trial.state === 'paused') state.pausedTrials.add(trial.number);
  }
  state.soloHost = soloHost(state);
}

/** Fills a fresh scheduler and the standing from what the trials have reached. */
export function rebuildLadder(
  state: StudyState,
  scheduler: Scheduler,
  trials: readonly TrialRecord[] = state.trials,
): void {
  state.scheduler = scheduler;
  state.standing = newStanding(levelCount(state));
  for (const trial of trials) {
    trial.passed.forEach((loss, rung) => {
      if (!Number.isNaN(loss)) scheduler.record(rung, { loss, passed: trial.passed });
    });
    placeTrial(state, trial);
  }
}

/** Where the trial stands, anew: its old places may no longer be true. */
export function placeTrial(state: StudyState, trial: TrialRecord): void {
  unplace(state.standing, trial.number);
  trial.passed.forEach((loss, rung) => placeAtRung(state, trial, rung, loss));
  placeEnd(state, trial);
}

/** NaN: it jumped over the rung. One that breaks an outcome constraint leads nowhere. */
export function placeAtRung(
  state: StudyState,
  { number }: Pick<TrialRecord, 'number'>,
  rung: number,
  loss: number,
): void {
  const broken = loss === Infinity && specOf(state).outcomeConstraints !== undefined;
  if (!Number.isNaN(loss) && !broken) place(state.standing, rung, number, loss);
}

export function placeEnd(state: StudyState, trial: TrialRecord): void {
  const end = endPlace(state, trial);
  if (end !== undefined) place(state.standing, end.level, trial.number, end.loss);
}

/**
 * What a trial's end says about its place: a completed one is a full evaluation, wherever its steps
 * ended.
 */
export function endPlace(
  state: StudyState,
  trial: TrialRecord,
): { level: number; loss: number } | undefined {
  if (trial.value === undefined) return undefined;
  const spec = specOf(state);
  if (violationOf(spec, trial.metrics) > 0) return undefined;
  const loss = lossOf(spec, trial.value);
  if (trial.state === 'completed' && !isCutShort(spec, trial)) {
    return { level: state.standing.levels.length - 1, loss };
  }
  // Without a fidelity, a value that was cut short is comparable with its like, and below every
  // complete one.
  const cut = trial.state === 'stopped' && spec.fidelity === undefined;
  return cut ? { level: 0, loss } : undefined;
}

/** It ended at the full fidelity of its day, which the study has raised since. */
export function isCutShort({ fidelity }: StudySpec, trial: TrialRecord): boolean {
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
