// Chance has its part in a study, a large one in a small study: of several simulations, the one in the middle.

import type { Prediction } from './predict.ts';

export interface MiddlePrediction extends Prediction {
  simulations: number;
  /** Of all simulations: the shortest and the longest. */
  finishRangeMs: [number, number];
}

/** So that even many trials are simulated within seconds; a large study varies less, too. */
export function usualSimulations(trials = Infinity): number {
  return trials <= 500 ? 9 : trials <= 1_000 ? 5 : trials <= 5_000 ? 3 : 1;
}

/** Of each simulation: they have nothing to do with those of the next seed of a user. */
export function simulationSeeds(seed: number, simulations: number): number[] {
  return Array.from({ length: simulations }, (_, i) => (seed + i * 0x9e3779b1) % 2 ** 32);
}

export function middlePrediction(all: readonly Prediction[]): MiddlePrediction {
  const sorted = all.toSorted((a, b) => a.finishMs - b.finishMs || endedOf(b) - endedOf(a));
  return {
    ...sorted[(sorted.length - 1) >> 1]!,
    simulations: sorted.length,
    finishRangeMs: [sorted[0]!.finishMs, sorted.at(-1)!.finishMs],
  };
}

function endedOf({ status }: Prediction): number {
  const { completed, stopped, failed, infeasible } = status.trials;
  return completed + stopped + failed + infeasible;
}
