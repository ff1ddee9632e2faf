// Where a search begins: by the priors, by a point, or by the best of what other samplers found.
// Nomura et al.: "Warm starting CMA-ES for hyperparameter optimization", AAAI 2021,
// arXiv 2012.06932 (WS-CMA-ES).
//
//   symbol   meaning
//   γ        share of the trials that count as promising
//   α        width of each promising trial: Σ = α² I + their covariance

import { compareOutcomes, isFeasible } from '../outcome-order.ts';
import type { Observed } from '../history.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import type { ChoiceDimension, Encoding } from '../encoding.ts';

const GAMMA = 0.1;
const ALPHA = 0.1;

export interface Start {
  mean: Float64Array;
  /** n × n. */
  spread: Float64Array;
  weightsOf(choice: ChoiceDimension): readonly number[] | undefined;
}

/** `width`: standard deviation of a number, as a share of its range. */
export function startByPriors({ numbers }: Encoding, width: number): Start {
  const n = numbers.length;
  const spread = new Float64Array(n * n);
  numbers.forEach(({ sd }, j) => {
    spread[j * (n + 1)] = Math.min(sd ?? width, width) ** 2;
  });
  return {
    mean: Float64Array.from(numbers, ({ mean }) => mean),
    spread,
    weightsOf: ({ weights }) => weights,
  };
}

/** Undefined without at least ten trials to learn from. */
export function startByTrials(
  space: SearchSpace,
  { numbers }: Encoding,
  trials: readonly Observed[],
): Start | undefined {
  const known = trials.filter(({ outcome }) => isFeasible(outcome));
  const count = Math.floor(GAMMA * known.length);
  if (count < 1) return undefined;
  known.sort((a, b) => compareOutcomes(a.outcome, b.outcome) || a.trial - b.trial);
  const best = known.slice(0, count);
  const n = numbers.length;
  const units = best.map(({ coordinates }) => space.toUnit(coordinates));
  const mean = new Float64Array(n);
  /** Distances from the mean; 0 where the parameter was inactive. */
  const rows = best.map(() => new Float64Array(n));
  numbers.forEach(({ index, mean: middle }, j) => {
    const active = best.flatMap(({ coordinates }, i) => (isNaN(coordinates[index]!) ? [] : [i]));
    const sum = active.reduce((total, i) => total + units[i]![index]!, 0);
    mean[j] = active.length === 0 ? middle : sum / active.length;
    for (const i of active) rows[i]![j] = units[i]![index]! - mean[j]!;
  });
  const spread = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const sum = rows.reduce((total, row) => total + row[i]! * row[j]!, 0);
      spread[i * n + j] = sum / count + (i === j ? ALPHA ** 2 : 0);
    }
  }
  return {
    mean,
    spread,
    // One of each beside what was seen, so that none is ruled out by few trials.
    weightsOf({ index, count: choices, choiceOf }) {
      const weights = new Array<number>(choices).fill(1);
      for (const { coordinates } of best) {
        const coordinate = coordinates[index]!;
        if (!isNaN(coordinate)) weights[choiceOf(coordinate)]! += 1;
      }
      return weights;
    },
  };
}
