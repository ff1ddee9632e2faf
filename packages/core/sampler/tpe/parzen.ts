// A Parzen estimator: a mixture over trials of products over parameters (Optuna 5.0.0,
// `_MixtureOfProductDistribution`).
//
//   symbol   meaning
//   n        observations; kernels are 0 … n − 1 and the prior, number n
//   w_k      weight of kernel k
//   p(x) = Σ_k w_k Π_d p_kd(x_d)
// The factors of ln p_k(x) that depend on x are never above 0, so a kernel that has fallen far
// below the prior, which is always in the sum, can only fall further and is left out: most are,
// after the first parameters.

import { logSumExp } from '../../numerics/log-sum.ts';
import type { RandomStream } from '../../numerics/random-stream.ts';
import { cumulative, weightedIndex } from '../../numerics/weighted-index.ts';
import type { Dimension } from './dimension.ts';
import { kernelWeights } from './kernel-weights.ts';

export interface Parzen {
  /** Writes a draw to the estimator's dimensions of `coordinates`. */
  sample(stream: RandomStream, coordinates: Float64Array): void;
  /** ln p at the estimator's dimensions of `coordinates`. */
  logDensity(coordinates: Float64Array): number;
}

/** exp(−45) of the prior's part, a thousand times over, is less than the sum's own rounding. */
const negligible = 45;

/**
 * `columns[i]`: the observed coordinates of `dimensions[i]`, in ascending order of trial numbers.
 */
export function parzen(dimensions: readonly Dimension[], columns: readonly Float64Array[]): Parzen {
  const n = columns[0]!.length;
  const weights = kernelWeights(n);
  const sums = cumulative(weights);
  const factors = dimensions.map((dimension, i) => dimension.kernels(columns[i]!));
  const constants = weights.map(Math.log);
  for (const factor of factors) factor.addConstants(constants);
  const terms = new Float64Array(n + 1);
  const prior = Uint32Array.of(n);
  const observations = Uint32Array.from(weights.keys()).subarray(0, n);
  const near = new Uint32Array(n);

  const addLogDensities = (coordinates: Float64Array): number => {
    terms.set(constants);
    factors.forEach((factor, i) => {
      factor.addLogDensity(coordinates[dimensions[i]!.index]!, terms, prior, 1);
    });
    const floor = terms[n]! - negligible;
    near.set(observations);
    let count = n;
    factors.forEach((factor, i) => {
      factor.addLogDensity(coordinates[dimensions[i]!.index]!, terms, near, count);
      count = keepAbove(floor, terms, near, count);
    });
    return count;
  };

  return {
    sample(stream, coordinates) {
      const k = weightedIndex(sums, stream.next());
      factors.forEach((factor, i) => {
        coordinates[dimensions[i]!.index] = factor.sample(k, stream.next());
      });
    },
    logDensity(coordinates) {
      const count = addLogDensities(coordinates);
      const parts = new Float64Array(count + 1);
      for (let i = 0; i < count; i++) parts[i] = terms[near[i]!]!;
      parts[count] = terms[n]!;
      return logSumExp(parts);
    },
  };
}

/**
 * Moves the kernels whose term reaches the floor to the front, in their order; returns how many
 * they are.
 */
function keepAbove(floor: number, terms: Float64Array, which: Uint32Array, count: number): number {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const k = which[i]!;
    if (terms[k]! >= floor) which[kept++] = k;
  }
  return kept;
}
