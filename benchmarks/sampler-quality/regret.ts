import type { Task } from './tasks.ts';

/** After so many trials a study is looked at. */
export const checkpoints = [25, 50, 100, 200];

/** The least of the first n values, at each checkpoint. */
export function bests(values: readonly number[]): number[] {
  return checkpoints.map((n) => Math.min(...values.slice(0, n)));
}

/**
 * The mean over the checkpoints of the normalised regret: 0.001 at the optimum, 1 at the median of
 * random params or worse.
 */
export function meanRegret({ optimum, median }: Task, best: readonly number[]): number {
  return mean(
    best.map((value) => Math.min(1, Math.max(1e-3, (value - optimum) / (median - optimum)))),
  );
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
