// Weights of the kernels of a mixture, in the order of trials (Optuna 5.0.0, `default_weights`):
// the newest 25 observations count fully, as the prior does, older ones along a ramp from 1/n.
//
//   symbol   meaning
//   n        observations; kernels are 0 … n − 1 and the prior, number n
//   m        length of the ramp, n − 25

const recent = 25;

/** Between 0 and 1; not normalised. */
export function kernelWeight(n: number, k: number): number {
  const m = n - recent;
  if (k >= m) return 1;
  return m === 1 ? 1 / n : 1 / n + (k * (1 - 1 / n)) / (m - 1);
}

/** Σ_k kernelWeight(n, k), the prior included. */
export function kernelWeightSum(n: number): number {
  const m = Math.max(0, n - recent);
  const ramp = m === 1 ? 1 / n : 0.5 * m * (1 + 1 / n);
  return (m === 0 ? 0 : ramp) + (n - m) + 1;
}
