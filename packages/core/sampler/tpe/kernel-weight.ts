// Weights of the kernels of a mixture, in the order of trials (Optuna 5.0.0, `default_weights`):
// the newest 25 observations count fully, as the prior does, older ones along a ramp from 1/n.
//
//   symbol   meaning
//   n        observations; kernels are 0 … n − 1 and the prior, number n
//   m        length of the ramp, n − 25

/** What a trial weighs, from its number and what it weighs by its age. */
export type WeightOf = (trial: number, byAge: number) => number;

const recent = 25;

/** Between 0 and 1; not normalised. */
export function kernelWeight(n: number, k: number): number {
  const { m, first, rise, steps } = rampOf(n);
  return k >= m ? 1 : first + (k * rise) / steps;
}

/** Kernel k < m weighs first + k rise / steps. */
export function rampOf(n: number): { m: number; first: number; rise: number; steps: number } {
  const m = n - recent;
  return { m, first: 1 / n, rise: 1 - 1 / n, steps: Math.max(1, m - 1) };
}

/** Σ of kernelWeight(n, k) for 0 ≤ k < n. */
export function totalWeight(n: number): number {
  const m = n - recent;
  if (m <= 0) return n;
  return recent + (m === 1 ? 1 / n : (m * (1 + 1 / n)) / 2);
}

/**
 * Weights of the best trials by their place: those of the evolution strategies, ln(m + 1) − ln(i + 1) for the best m (Hansen,
 * "The CMA evolution strategy: a tutorial", arXiv 1604.00772, eq. 49), scaled to a mean of 1.
 */
export function rankWeights(m: number): number[] {
  const raw = Array.from({ length: m }, (_, i) => Math.log(m + 1) - Math.log(i + 1));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => (weight * m) / total);
}
