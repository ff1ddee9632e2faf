// The good trials of several objectives: whole fronts while there is room, and of the front that does
// not fit those that dominate most (Ozaki, Tanigaki, Watanabe & Onishi: "Multiobjective
// tree-structured Parzen estimator", JAIR 73 (2022) 1209–1250, section 4; in detail Optuna 5.0.0,
// `_split_complete_trials_multi_objective`).
//
//   symbol   meaning
//   w        the worst loss of the front that does not fit, objective by objective
//   r        reference point, max(1.1 w, 0.9 w): a tenth of w beyond it whatever its sign

import { hypervolumeSubset } from '../../numerics/hypervolume-subset.ts';
import { createFronts } from '../../numerics/incremental-fronts.ts';
import { isFeasible } from '../outcome-order.ts';
import { lossesOf } from '../losses-of.ts';
import type { Observed } from '../history.ts';
import { createRanking, GOOD_SHARE, type Ranking } from './ranking.ts';

/** Stands for a reference of 0, from which no box could reach. */
const NEARLY_ZERO = 1e-12;

interface Ranked extends Observed {
  readonly losses: readonly number[];
}

/**
 * Feasible completed trials by fronts; those that break outcome constraints and those that were
 * stopped come after them, as with one objective. The best tenth is not limited to 25: a front has
 * to be covered.
 */
export function createParetoRanking(objectives: number): Ranking {
  const fronts = createFronts<Ranked>(({ losses }) => losses);
  const byTrial = new Map<number, Ranked>();
  const others = createRanking();
  let best: readonly Observed[] | undefined;
  return {
    add(trial) {
      if (!('loss' in trial.outcome)) return;
      best = undefined;
      if (!isFeasible(trial.outcome)) {
        others.add(trial);
        return;
      }
      const ranked = { ...trial, losses: lossesOf(trial.outcome, objectives) };
      byTrial.set(trial.trial, ranked);
      fronts.add(ranked);
    },
    remove(trial) {
      if (!('loss' in trial.outcome)) return;
      best = undefined;
      if (!isFeasible(trial.outcome)) {
        others.remove(trial);
        return;
      }
      fronts.remove(byTrial.get(trial.trial)!);
      byTrial.delete(trial.trial);
    },
    best() {
      if (best !== undefined) return best;
      const wanted = Math.ceil(GOOD_SHARE * (fronts.size + others.size));
      const good = bestOf(fronts.all(), Math.min(wanted, fronts.size));
      best = [...good, ...others.first(wanted - good.length)];
      return best;
    },
  };
}

function bestOf(fronts: readonly (readonly Ranked[])[], wanted: number): Ranked[] {
  const good: Ranked[] = [];
  for (const front of fronts) {
    const ordered = [...front].sort((a, b) => a.trial - b.trial);
    const losses = ordered.map((one) => one.losses);
    const room = Math.min(wanted - good.length, ordered.length);
    const chosen = hypervolumeSubset(losses, room, referenceOf(losses));
    good.push(...chosen.map((i) => ordered[i]!));
    if (good.length === wanted) break;
  }
  return good;
}

/** Of the finite losses; where there are none any number will do. */
function referenceOf(points: readonly (readonly number[])[]): number[] {
  return points[0]!.map((_, m) => {
    let worst = -Infinity;
    for (const losses of points) {
      if (losses[m]! < Infinity && losses[m]! > worst) worst = losses[m]!;
    }
    if (worst === -Infinity) worst = 0;
    return Math.max(1.1 * worst, 0.9 * worst) || NEARLY_ZERO;
  });
}
