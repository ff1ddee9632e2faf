const recent = 25;

/**
 * Normalised weights of n observations in the order of trials, then of the prior: the newest 25
 * count fully, as the prior does, older ones along a ramp from 1/n (Optuna 5.0.0,
 * `default_weights`).
 */
export function kernelWeights(n: number): Float64Array {
  const weights = new Float64Array(n + 1).fill(1);
  const ramp = n - recent;
  for (let i = 0; i < ramp; i++) {
    weights[i] = ramp === 1 ? 1 / n : 1 / n + (i * (1 - 1 / n)) / (ramp - 1);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
