import { frontsOf } from '../../numerics/non-dominated-sort.ts';
import type { RandomStream } from '../../numerics/random-stream.ts';
import type { Observed } from '../history.ts';
import { lossesOf } from '../losses-of.ts';
import { compareOutcomes, isFeasible } from '../outcome-order.ts';
import type { AgeingPopulation } from './ageing-population.ts';

/**
 * The best of `sample` members that are drawn with repetition (Real et al. 2019, algorithm 1); with several objectives
 * one that none of the others dominates.
 */
export function tournament(
  population: AgeingPopulation,
  sample: number,
  objectives: number,
  stream: RandomStream,
): Observed {
  const draw = () => population.at(stream.int(population.count));
  if (objectives > 1) return undominated(Array.from({ length: sample }, draw), objectives);
  let best = draw();
  for (let i = 1; i < sample; i++) {
    const other = draw();
    if (compareOutcomes(other.outcome, best.outcome) < 0) best = other;
  }
  return best;
}

/** The first that was drawn of the best front: each of the front is as likely. */
function undominated(drawn: readonly Observed[], objectives: number): Observed {
  const feasible = drawn.filter(({ outcome }) => isFeasible(outcome));
  if (feasible.length > 0) {
    const fronts = frontsOf(feasible.map(({ outcome }) => lossesOf(outcome, objectives)));
    return feasible[fronts.indexOf(0)]!;
  }
  return drawn.reduce((best, one) => (compareOutcomes(one.outcome, best.outcome) < 0 ? one : best));
}
