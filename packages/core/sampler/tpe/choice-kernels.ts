// Kernels of a parameter without an order (Optuna 5.0.0, `_calculate_categorical_distributions`).
//
//   symbol   meaning
//   n        observations; kernels are 0 … n − 1 and the prior, number n
//   m        choices
//   p_k(c) = (1/(n + 1) + [c is observation k]) / (m/(n + 1) + 1)        k < n
//   p_n(c) = 1/m, or the weights of the user's prior

import { cumulative, weightedIndex } from '../../numerics/weighted-index.ts';
import type { Kernels } from './kernels.ts';

export function choiceKernels(
  observed: Float64Array,
  choices: number,
  weights: readonly number[] = new Array<number>(choices).fill(1),
): Kernels {
  const n = observed.length;
  const spread = 1 / (n + 1);
  const total = choices * spread + 1;
  const hit = Math.log((spread + 1) / total);
  const miss = Math.log(spread / total);
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  const priorSums = cumulative(weights);

  return {
    addConstants: () => undefined,
    addLogDensity(x, terms, which, count) {
      const prior = Math.log(weights[x]! / weightSum);
      for (let i = 0; i < count; i++) {
        const k = which[i]!;
        terms[k]! += k === n ? prior : observed[k] === x ? hit : miss;
      }
    },
    sample(k, quantile) {
      if (k === n) return weightedIndex(priorSums, quantile);
      // The first 1/total goes to the observed choice, the rest to all choices evenly.
      // evenly.
      const rest = quantile * total - 1;
      return rest < 0 ? observed[k]! : Math.min(choices - 1, Math.floor(rest / spread));
    },
  };
}
