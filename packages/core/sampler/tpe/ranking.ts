import type { Observed } from '../history.ts';
import { placeOf } from '../place-of.ts';

/** Of the trials with a loss that many are good. */
export const GOOD_SHARE = 0.1;
const mostBelow = 25;

/**
 * Trials with a loss, the best first: completed ones by loss, then stopped ones, those that came
 * furthest first and by loss among equals, then those that break outcome constraints, by how much,
 * and by number at last (Optuna 5.0.0, `_split_trials`).
 */
export interface Ranking {
  add(trial: Observed): void;
  remove(trial: Observed): void;
  /** What is below: the best tenth, with one objective 25 at most. */
  best(): readonly Observed[];
}

/** In which each trial has a place of its own. */
export interface OrderedRanking extends Ranking {
  readonly size: number;
  first(count: number): readonly Observed[];
}

/** A trial, and what it is ranked by. */
interface Ranked {
  readonly observed: Observed;
  readonly violation: number;
  readonly step: number;
  readonly loss: number;
}

export function createRanking(): OrderedRanking {
  const ranked: Ranked[] = [];
  /** The same array while they are the same. */
  let best: readonly Observed[] = [];
  const first = (count: number): Observed[] => {
    return ranked.slice(0, count).map(({ observed }) => observed);
  };
  const changedAt = (place: number): void => {
    const count = Math.min(Math.ceil(GOOD_SHARE * ranked.length), mostBelow);
    if (place < count || count !== best.length) best = first(count);
  };
  return {
    add(trial) {
      const one = rankedBy(trial);
      if (one === undefined) return;
      const place = placeIn(ranked, one);
      ranked.splice(place, 0, one);
      changedAt(place);
    },
    remove(trial) {
      const one = rankedBy(trial);
      if (one === undefined) return;
      const place = placeIn(ranked, one);
      ranked.splice(place, 1);
      changedAt(place);
    },
    best: () => best,
    first,
    get size() {
      return ranked.length;
    },
  };
}

/** Undefined: it has no loss. A completed trial came further than any stopped one. */
function rankedBy(observed: Observed): Ranked | undefined {
  const { outcome } = observed;
  switch (outcome.state) {
    case 'completed':
      return { observed, violation: outcome.violation ?? 0, step: Infinity, loss: outcome.loss };
    case 'stopped':
      return { observed, violation: 0, step: outcome.step, loss: outcome.loss };
    default:
      return undefined;
  }
}

/** The place of the trial, or the one where it belongs. */
function placeIn(ranked: readonly Ranked[], trial: Ranked): number {
  return placeOf(ranked, (one) => compareTrials(one, trial) < 0);
}

function compareTrials(a: Ranked, b: Ranked): number {
  return (
    compare(a.violation, b.violation) ||
    compare(b.step, a.step) ||
    compare(a.loss, b.loss) ||
    compare(a.observed.trial, b.observed.trial)
  );
}

/** Infinities compare too, which a difference would turn into NaN. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
