import { truncatedNormalQuantile } from '../../numerics/truncated-normal.ts';
import { cumulative, weightedIndex } from '../../numerics/weighted-index.ts';
import type { Parameter } from '../../space/study-spec.ts';
import { scaleOf } from '../scale.ts';

/**
 * Quantile → unit coordinate: uniform, or by the parameter's prior (a truncated normal, or weights
 * of choices).
 */
export function unitPrior(parameter: Parameter): (quantile: number) => number {
  if (!('prior' in parameter) || parameter.prior === undefined) return (quantile) => quantile;
  if ('weights' in parameter.prior) {
    const sums = cumulative(parameter.prior.weights);
    return (quantile) => (weightedIndex(sums, quantile) + 0.5) / sums.length;
  }
  const { from, to, mean, sd } = scaleOf(parameter)!;
  const low = (from - mean) / sd;
  const high = (to - mean) / sd;
  return (quantile) =>
    (mean + sd * truncatedNormalQuantile(quantile, low, high) - from) / (to - from);
}
