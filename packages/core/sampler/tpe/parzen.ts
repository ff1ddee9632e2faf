// A Parzen estimator: a mixture over trials of products over parameters (Optuna 5.0.0, `_MixtureOfProductDistribution`).
//
//   symbol   meaning
//   n        observations; kernels are 0 … n − 1 and the prior, number n
//   w_k      weight of kernel k
//   p(x) = Σ_k w_k Π_d p_kd(x_d)
// ln p(x) costs one multiplication per kernel and parameter, and one exponential per kernel.

import { logSumExp } from '../../numerics/log-sum.ts';
import type { RandomStream } from '../../numerics/random-stream.ts';
import { cumulative, weightedIndex } from '../../numerics/weighted-index.ts';
import type { Dimension } from './dimension.ts';
import { kernelWeights } from './weights.ts';

export interface Parzen {
  /** Writes a draw to the estimator's dimensions of `coordinates`. */
  sample(stream: RandomStream, coordinates: Float64Array): void;
  /** ln p at the estimator's dimensions of `coordinates`. */
  logDensity(coordinates: Float64Array): number;
}

/** `columns[i]`: the observed coordinates of `dimensions[i]`, in ascending order of trial numbers. */
export function parzen(dimensions: readonly Dimension[], columns: readonly Float64Array[]): Parzen {
  const weights = kernelWeights(columns[0]!.length);
  const sums = cumulative(weights);
  const factors = dimensions.map((dimension, i) => dimension.kernels(columns[i]!));
  const constants = weights.map(Math.log);
  for (const factor of factors) factor.addConstants(constants);
  const terms = new Float64Array(weights.length);

  return {
    sample(stream, coordinates) {
      const k = weightedIndex(sums, stream.next());
      factors.forEach((factor, i) => {
        coordinates[dimensions[i]!.index] = factor.sample(k, stream.next());
      });
    },
    logDensity(coordinates) {
      terms.set(constants);
      factors.forEach((factor, i) =>
        factor.addLogDensity(coordinates[dimensions[i]!.index]!, terms),
      );
      return logSumExp(terms);
    },
  };
}
