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

export function createRanking(): OrderedRanking {
  const ranked: Observed[] = [];
  /** The same array while they are the same. */
  let best: readonly Observed[] = [];
  const changedAt = (place: number): void => {
    const count = Math.min(Math.ceil(GOOD_SHARE * ranked.length), mostBelow);
    if (place < count || count !== best.length) best = ranked.slice(0, count);
  };
  return {
    add(trial) {
      if (!hasLoss(trial)) return;
      const place = placeIn(ranked, trial);
      ranked.splice(place, 0, trial);
      changedAt(place);
    },
    remove(trial) {
      if (!hasLoss(trial)) return;
      const place = placeIn(ranked, trial);
      ranked.splice(place, 1);
      changedAt(place);
    },
    best: () => best,
    first: (count) => ranked.slice(0, count),
    get size() {
      return ranked.length;
    },
  };
}

function hasLoss({ outcome }: Observed): boolean {
  return outcome.state === 'completed' || outcome.state === 'stopped';
}

/** The place of the trial, or the one where it belongs. */
function placeIn(ranked: readonly Observed[], trial: Observed): number {
  return placeOf(ranked, (one) => compareTrials(one, trial) < 0);
}

function compareTrials(a: Observed, b: Observed): number {
  return (
    compare(violationOf(a), violationOf(b)) ||
    compare(stepOf(b), stepOf(a)) ||
    compare(lossOf(a), lossOf(b)) ||
    compare(a.trial, b.trial)
  );
}

function violationOf({ outcome }: Observed): number {
  return outcome.state === 'completed' ? (outcome.violation ?? 0) : 0;
}

/** A completed trial came further than any stopped one. */
function stepOf({ outcome }: Observed): number {
  return outcome.state === 'stopped' ? outcome.step : Infinity;
}

function lossOf({ outcome }: Observed): number {
  return 'loss' in outcome ? outcome.loss : NaN;
}

/** Infinities compare too, which a difference would turn into NaN. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
