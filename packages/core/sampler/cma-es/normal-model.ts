// The distribution of the numbers, v ~ N(m, σ² A C A), and how a generation changes it.
// Hansen: "The CMA evolution strategy: a tutorial", arXiv 1604.00772 (equations by its numbers);
// A, the integer margin's: Hamano et al., arXiv 2504.07884 (CatCMA with margin).
//
//   symbol     meaning                                                      shape
//   m, σ, C    mean, step size, covariance                                  n, 1, n × n
//   A          stretches dimensions with cells, so that a cell is left      n
//   p_σ, p_c   evolution paths of the step size and of the covariance       n
//   y          (v − m)/(σ A): a sample as N(0, C) has it                    n
//   w_i        weight of the i-th best sample

import type { OuterProduct } from '../../numerics/outer-products.ts';
import { constantsOf, type Constants } from './constants.ts';
import { diagonalCovariance, fullCovariance, type Covariance } from './covariance.ts';
import { adaptRates, newRates, type Rates } from './learning-rate.ts';

export interface NormalModel {
  readonly n: number;
  readonly mean: Float64Array;
  sigma: number;
  readonly stretch: Float64Array;
  readonly covariance: Covariance;
  readonly pSigma: Float64Array;
  readonly pC: Float64Array;
  generation: number;
  /** Generations since the last decomposition of C. */
  since: number;
  /** With learning-rate adaptation. */
  readonly rates: Rates | undefined;
}

/** Samples, the best first, with what each counts. */
export interface Selection {
  readonly vs: readonly Float64Array[];
  /** Drawn from the distribution as it is now; others count no further than a typical one. */
  readonly exact: readonly boolean[];
  /** By rank; equal samples share theirs. */
  readonly weights: Float64Array;
  /** The same without negative ones. */
  readonly positive: Float64Array;
}

/** With more numbers only variances are learnt: a decomposition would take too long. */
const FULL_MAX = 200;

/** N(mean, spread), a full matrix. */
export function newNormalModel(
  mean: Float64Array,
  spread: Float64Array,
  noisy: boolean,
): NormalModel {
  const n = mean.length;
  const covariance = n > FULL_MAX ? diagonalCovariance(n) : fullCovariance(n);
  const variances = Float64Array.from({ length: n }, (_, j) => spread[j * (n + 1)]!);
  covariance.replace(covariance.diagonal ? variances : spread);
  covariance.refresh();
  return {
    n,
    mean,
    sigma: 1,
    stretch: new Float64Array(n).fill(1),
    covariance,
    pSigma: new Float64Array(n),
    pC: new Float64Array(n),
    generation: 0,
    since: 0,
    rates: noisy ? newRates(n, covariance.entries.length) : undefined,
  };
}

/** v from standard normal z. */
export function sampleOf(
  { mean, sigma, stretch, covariance }: NormalModel,
  z: Float64Array,
): Float64Array {
  const v = covariance.colour(z);
  for (let j = 0; j < v.length; j++) v[j] = mean[j]! + sigma * stretch[j]! * v[j]!;
  return v;
}

/** Standard deviation of v_j. */
export function deviation({ sigma, stretch, covariance }: NormalModel, j: number): number {
  return sigma * stretch[j]! * Math.sqrt(covariance.variance(j));
}

export function learn(model: NormalModel, selection: Selection): void {
  const { n, mean, covariance } = model;
  const { weights, positive } = selection;
  const constants = constantsOf(n, weights.length, covariance.diagonal);
  const ys = selection.vs.map((v, i) => stepTo(model, v, selection.exact[i]!));
  const step = new Float64Array(n);
  for (let i = 0; i < ys.length; i++) {
    const w = positive[i]!;
    if (w > 0) for (let j = 0; j < n; j++) step[j]! += w * ys[i]![j]!;
  }
  const before =
    model.rates === undefined
      ? undefined
      : { mean: mean.slice(), sigma: model.sigma, entries: covariance.entries.slice() };
  model.generation += 1;
  for (let j = 0; j < n; j++) mean[j]! += model.sigma * step[j]!;
  const forgotten = follow(model, constants, step);
  const outers = ys.map((y, i): OuterProduct => {
    const w = weights[i]!;
    // Eq. 46: a bad sample may not shrink C further than a typical one.
    const factor = w >= 0 ? 1 : n / (covariance.distance(y) + 1e-8);
    return { weight: constants.cMu * w * factor, y };
  });
  outers.push({ weight: constants.c1, y: model.pC });
  const sum = weights.reduce((total, w) => total + w, 0);
  // Eq. 47.
  const kept = 1 + constants.c1 * forgotten - constants.c1 - constants.cMu * sum;
  covariance.update(kept, outers);
  if (before !== undefined) adaptRates(model, before);
  else if (++model.since >= gap(n, constants)) refresh(model);
  withinRange(model);
}

/** y of a sample; one that is not exact is at most c_y long (Hansen, inria-00628254, eq. 4). */
function stepTo(
  { n, mean, sigma, stretch, covariance }: NormalModel,
  v: Float64Array,
  exact: boolean,
) {
  const y = new Float64Array(n);
  for (let j = 0; j < n; j++) y[j] = (v[j]! - mean[j]!) / (sigma * stretch[j]!);
  if (exact) return y;
  const longest = Math.sqrt(n) + (2 * n) / (n + 2);
  const length = Math.sqrt(covariance.distance(y));
  if (length > longest) for (let j = 0; j < n; j++) y[j]! *= longest / length;
  return y;
}

/** Moves both paths and the step size; gives (1 − h_σ) c_c (2 − c_c). */
function follow(model: NormalModel, c: Constants, step: Float64Array): number {
  const { n, pSigma, pC, covariance } = model;
  const white = covariance.whiten(step);
  // Eq. 43.
  const gain = Math.sqrt(c.cSigma * (2 - c.cSigma) * c.muEff);
  let squares = 0;
  for (let j = 0; j < n; j++) {
    pSigma[j] = (1 - c.cSigma) * pSigma[j]! + gain * white[j]!;
    squares += pSigma[j]! ** 2;
  }
  const length = Math.sqrt(squares);
  // Eq. 44.
  model.sigma *= Math.exp(Math.min(1, (c.cSigma / c.dSigma) * (length / c.chi - 1)));
  const expected = Math.sqrt(1 - (1 - c.cSigma) ** (2 * (model.generation + 1)));
  const h = length / expected < (1.4 + 2 / (n + 1)) * c.chi ? 1 : 0;
  // Eq. 45.
  const gainC = h * Math.sqrt(c.cC * (2 - c.cC) * c.muEff);
  for (let j = 0; j < n; j++) pC[j] = (1 - c.cC) * pC[j]! + gainC * step[j]!;
  return (1 - h) * c.cC * (2 - c.cC);
}

/**
 * Generations between decompositions: C changes by c_1 + c_μ in one, and a decomposition costs n³
 * (Hansen, pycma's lazy update: half of 1/(n (c_1 + c_μ)) generations).
 */
function gap(n: number, { c1, cMu }: Constants): number {
  return n < 30 ? 1 : Math.ceil(0.5 / (n * (c1 + cMu)));
}

function refresh(model: NormalModel): void {
  model.covariance.refresh();
  model.since = 0;
}

/** No wider than the range, and never nothing. */
function withinRange(model: NormalModel): void {
  let widest = 0;
  for (let j = 0; j < model.n; j++) {
    widest = Math.max(widest, model.sigma * Math.sqrt(model.covariance.variance(j)));
  }
  if (widest > 1) model.sigma /= widest;
  if (widest < LEAST) model.sigma *= LEAST / Math.max(widest, Number.MIN_VALUE);
}

const LEAST = 1e-16;
