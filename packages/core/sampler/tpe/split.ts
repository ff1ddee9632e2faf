import type { History } from '../history.ts';

const share = 0.1;
const mostBelow = 25;

/** Rows of the history in ascending order of trial numbers. */
export interface Split {
  below: number[];
  above: number[];
}

/**
 * The best tenth (25 at most) of the trials with a loss, and all others: completed trials by loss,
 * then stopped ones, those that came furthest first and by loss among equals (Optuna 5.0.0,
 * `_split_trials`). Pending trials are above: that alone keeps parallel suggestions apart (its
 * `constant_liar`). Failed and infeasible trials are always above, where Optuna drops failed ones:
 * the model learns to stay away.
 */
export function split(history: History): Split {
  const { losses, steps } = history;
  const rows = Array.from({ length: history.count }, (_, row) => row);
  const withOutcome = (wanted: string) => rows.filter((row) => history.outcomes[row] === wanted);
  const completed = withOutcome('completed').sort((a, b) => compare(losses[a]!, losses[b]!));
  const stopped = withOutcome('stopped').sort(
    (a, b) => compare(steps[b]!, steps[a]!) || compare(losses[a]!, losses[b]!),
  );
  const ranked = [...completed, ...stopped];
  const count = Math.min(Math.ceil(share * ranked.length), mostBelow);
  const below = new Set(ranked.slice(0, count));
  return {
    below: rows.filter((row) => below.has(row)),
    above: rows.filter((row) => !below.has(row)),
  };
}

/** Infinities compare too, which a difference would turn into NaN. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
