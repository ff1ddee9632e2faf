import type { Observed } from '../history.ts';

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
    add: (trial) => void trials.splice(placeOf(trials, trial.trial), 0, trial),
    remove: (trial) => void trials.splice(placeOf(trials, trial.trial), 1),
    get count() {
      return Math.min(size, trials.length);
    },
    at: (i) => trials[Math.max(0, trials.length - size) + i]!,
  };
}

/** The place of the trial, or the one where it belongs. */
function placeOf(trials: readonly Observed[], trial: number): number {
  let low = 0;
  let high = trials.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (trials[middle]!.trial < trial) low = middle + 1;
    else high = middle;
  }
  return low;
}
