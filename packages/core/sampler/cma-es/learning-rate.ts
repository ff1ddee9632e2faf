// Learning-rate adaptation for noisy and multimodal losses: changes of the distribution are made
// smaller until signal outweighs noise in them.
// Nomura, Akimoto & Ono: "CMA-ES with learning rate adaptation", GECCO 2023, arXiv 2304.03473.
//
//   symbol     meaning
//   θ          m, or Σ = σ² C
//   Δ          what a generation would change θ by, in the coordinates where Σ is I
//   E, V       moving averages of Δ and of ‖Δ‖²
//   SNR        estimate of the signal-to-noise ratio of Δ (eq. 10)
//   η          learning rate of θ, in (0, 1]

import type { NormalModel } from './normal-model.ts';

/** SNR that is aimed at, in units of η; damping of η; memories of the averages (its table 1). */
const ALPHA = 1.4;
const GAMMA = 0.1;
const BETA_MEAN = 0.1;
const BETA_SIGMA = 0.03;

interface Rate {
  readonly beta: number;
  readonly e: Float64Array;
  v: number;
  eta: number;
}

export interface Rates {
  readonly mean: Rate;
  readonly spread: Rate;
}

export function newRates(n: number, entries: number): Rates {
  return {
    mean: { beta: BETA_MEAN, e: new Float64Array(n), v: 0, eta: 1 },
    spread: { beta: BETA_SIGMA, e: new Float64Array(entries), v: 0, eta: 1 },
  };
}

/**
 * Takes back a part of what a generation changed; the decomposition of C is still that of `before`
 * when it is called, and that of the new C afterwards.
 */
export function adaptRates(
  model: NormalModel,
  before: { mean: Float64Array; sigma: number; entries: Float64Array },
): void {
  const { n, mean, covariance, rates } = model;
  const move = mean.map((x, j) => x - before.mean[j]!);
  const was = before.entries.map((x) => x * before.sigma ** 2);
  const change = covariance.entries.map((x, i) => x * model.sigma ** 2 - was[i]!);
  const old = rates!.mean.eta;
  const moved = covariance.whiten(move).map((x) => x / before.sigma);
  const etaMean = adapt(rates!.mean, moved);
  const scale = 1 / (before.sigma ** 2 * Math.SQRT2);
  const etaSpread = adapt(
    rates!.spread,
    covariance.local(change).map((x) => x * scale),
  );
  for (let j = 0; j < n; j++) mean[j] = before.mean[j]! + etaMean * move[j]!;
  covariance.replace(was.map((x, i) => x + etaSpread * change[i]!));
  covariance.refresh();
  const size = Math.exp(covariance.logDeterminant() / n);
  covariance.replace(covariance.entries.map((x) => x / size));
  covariance.refresh();
  // The optimal step grows as the rate of the mean falls (eq. 15).
  model.sigma = Math.sqrt(size) * (old / etaMean);
}

/** The new η (eqs. 7 to 14). */
function adapt(rate: Rate, delta: Float64Array): number {
  const { beta, e } = rate;
  let [signal, squares] = [0, 0];
  for (let i = 0; i < e.length; i++) {
    e[i] = (1 - beta) * e[i]! + beta * delta[i]!;
    signal += e[i]! ** 2;
    squares += delta[i]! ** 2;
  }
  rate.v = (1 - beta) * rate.v + beta * squares;
  const noise = rate.v - signal;
  const snr = noise > 0 ? (signal - (beta / (2 - beta)) * rate.v) / noise : 0;
  const excess = Math.min(1, Math.max(-1, snr / ALPHA / rate.eta - 1));
  rate.eta = Math.min(1, rate.eta * Math.exp(Math.min(GAMMA * rate.eta, beta) * excess));
  return rate.eta;
}
