import type { Observed } from '../history.ts';
import { placeOf } from '../place-of.ts';

/** The newest `size` trials with a loss, in the order of their numbers: whoever ends late is as old as its number. */
export interface AgeingPopulation {
  add(trial: Observed): void;
  remove(trial: Observed): void;
  readonly count: number;
  /** From the oldest, 0, to the newest, count − 1. */
  at(i: number): Observed;
}

export function createAgeingPopulation(size: number): AgeingPopulation {
  // All of them: when one is forgotten an older one is young enough again.
  const trials: Observed[] = [];
  return {
    add: (trial) => void trials.splice(placeIn(trials, trial.trial), 0, trial),
    remove: (trial) => void trials.splice(placeIn(trials, trial.trial), 1),
    get count() {
      return Math.min(size, trials.length);
    },
    at: (i) => trials[Math.max(0, trials.length - size) + i]!,
  };
}

/** The place of the trial with that number, or the one where it belongs. */
function placeIn(trials: readonly Observed[], number: number): number {
  return placeOf(trials, ({ trial }) => trial < number);
}
