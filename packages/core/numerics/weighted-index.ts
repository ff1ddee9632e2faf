/** Running sums of the weights, scaled so that the last is 1. */
export function cumulative(weights: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(weights.length);
  sums.set(weights);
  for (let i = 1; i < sums.length; i++) sums[i]! += sums[i - 1]!;
  const total = sums[sums.length - 1]!;
  for (let i = 0; i < sums.length; i++) sums[i]! /= total;
  return sums;
}

/**
 * The index that the quantile in [0, 1) falls to: i with the probability of its weight, never one
 * of weight 0.
 */
export function weightedIndex(sums: Float64Array, quantile: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle]! <= quantile) low = middle + 1;
    else high = middle;
  }
  return low;
}
