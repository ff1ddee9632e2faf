// The distribution of the choices, independent of each other, and how a generation changes it.
// Hamano et al.: "CatCMA", GECCO 2024, arXiv 2405.09962; the learning rate is that of Akimoto et
// al.: "Adaptive stochastic natural gradient method", ICML 2019 (ASNG).
//
//   symbol     meaning
//   q_k        probability of choice k; at least α/(K − 1) for K choices
//   G, s       natural gradient, and its moving average in the coordinates where Fisher's matrix is I
//   Δ, δ       signal-to-noise ratio of the gradient, and the length of a step, 1/Δ
//   γ          how much of s there is, from 0 to 1

import { cumulative, weightedIndex } from '../../numerics/weighted-index.ts';
import type { ChoiceDimension } from '../encoding.ts';

export interface ChoiceModel {
  /** One array per choice. */
  readonly q: Float64Array[];
  /** Running sums of q, for drawing. */
  readonly sums: Float64Array[];
  readonly least: number[];
  readonly s: Float64Array;
  delta: number;
  gamma: number;
}

/** Signal-to-noise ratio that is aimed at (ASNG, section 4). */
const ALPHA_SNR = 1.5;

export function newChoiceModel(
  choices: readonly ChoiceDimension[],
  alpha: number,
  weightsOf: (choice: ChoiceDimension) => readonly number[] | undefined,
): ChoiceModel {
  const least = choices.map(({ count }) => alpha / (count - 1));
  const q = choices.map((choice, i) => {
    const weights = weightsOf(choice) ?? [];
    const total = weights.reduce((sum, w) => sum + w, 0);
    const row = new Float64Array(choice.count).fill(1 / choice.count);
    weights.forEach((w, k) => (row[k] = w / total));
    keepLeast(row, least[i]!);
    return row;
  });
  const free = choices.reduce((sum, { count }) => sum + count - 1, 0);
  const sums = q.map(cumulative);
  return { q, sums, least, s: new Float64Array(free), delta: 1, gamma: 0 };
}

export function drawChoice({ sums }: ChoiceModel, i: number, quantile: number): number {
  return weightedIndex(sums[i]!, quantile);
}

/**
 * `drawn[i]`: the choices of the i-th best sample, −1 where the parameter was inactive, which says
 * nothing about it.
 */
export function learnChoices(
  model: ChoiceModel,
  drawn: readonly Int32Array[],
  positive: Float64Array,
): void {
  const gradient = model.q.map((row, i) => gradientOf(row, i, drawn, positive));
  const local = localGradient(model, gradient);
  const length = Math.sqrt(local.reduce((sum, x) => sum + x * x, 0));
  if (length < 1e-12) return;
  model.q.forEach((row, i) => {
    const rate = 1 / (model.delta * length);
    for (let k = 0; k < row.length; k++) row[k]! += rate * gradient[i]![k]!;
    keepLeast(row, model.least[i]!);
    model.sums[i] = cumulative(row);
  });
  const { s } = model;
  const beta = Math.min(1, 1 / (model.delta * Math.sqrt(s.length)));
  const gain = Math.sqrt(beta * (2 - beta)) / length;
  let squares = 0;
  for (let k = 0; k < s.length; k++) {
    s[k] = (1 - beta) * s[k]! + gain * local[k]!;
    squares += s[k]! ** 2;
  }
  model.gamma = (1 - beta) ** 2 * model.gamma + beta * (2 - beta);
  model.delta *= Math.exp(beta * (model.gamma - squares / ALPHA_SNR));
}

/** Σ w (onehot − q). */
function gradientOf(
  row: Float64Array,
  i: number,
  drawn: readonly Int32Array[],
  positive: Float64Array,
): Float64Array {
  const gradient = new Float64Array(row.length);
  let total = 0;
  drawn.forEach((choices, rank) => {
    const k = choices[i]!;
    const w = positive[rank]!;
    if (k < 0 || w === 0) return;
    gradient[k]! += w;
    total += w;
  });
  for (let k = 0; k < row.length; k++) gradient[k]! -= total * row[k]!;
  return gradient;
}

/** Times the root of Fisher's matrix, K − 1 entries for each choice (ASNG, appendix B). */
function localGradient({ q, s }: ChoiceModel, gradient: readonly Float64Array[]): Float64Array {
  const local = new Float64Array(s.length);
  let at = 0;
  q.forEach((row, i) => {
    const last = row.length - 1;
    const own = gradient[i]!;
    let sum = 0;
    for (let k = 0; k < last; k++) sum += own[k]!;
    const share = sum / (row[last]! + Math.sqrt(row[last]!));
    for (let k = 0; k < last; k++, at++) {
      const root = Math.sqrt(row[k]!);
      local[at] = own[k]! / root + root * share;
    }
  });
  return local;
}

/** Lifts what is below the least, at the expense of the rest in proportion. */
function keepLeast(row: Float64Array, least: number): void {
  let sum = 0;
  for (let k = 0; k < row.length; k++) {
    row[k] = Math.max(row[k]!, least);
    sum += row[k]!;
  }
  const spare = sum - least * row.length;
  if (spare <= 0) return void row.fill(1 / row.length);
  const excess = (sum - 1) / spare;
  for (let k = 0; k < row.length; k++) row[k]! -= excess * (row[k]! - least);
}
