// The Pareto front of a study with several objectives: the completed trials that no other one beats.
// A new trial is compared with those on
// the front only: O(front) per trial.

import { dominates } from '../numerics/dominance.ts';
import { lossesOf } from './outcome.ts';
import { counts, specOf, type StudyState, type TrialRecord } from './state.ts';

/** A trial has completed. */
export function joinFront(state: StudyState, trial: TrialRecord): void {
  const spec = specOf(state);
  if (spec.objectives === undefined || trial.state !== 'completed' || !counts(trial)) return;
  const losses = lossesOf(spec, trial);
  const front = state.front ?? [];
  const others = front.map((number) => lossesOf(spec, state.trials[number]!));
  if (others.some((other) => dominates(other, losses))) return;
  state.front = front.filter((_, index) => !dominates(losses, others[index]!));
  state.front.push(trial.number);
}

/** From all trials, when one of them has left it: O(trials × front), rare. */
export function rebuildFront(state: StudyState): void {
  if (state.front === undefined) return;
  state.front = [];
  for (const trial of state.trials) joinFront(state, trial);
}
