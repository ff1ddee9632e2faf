// What keeps numbers with cells alive: samples that left the mean's cell count as its centre, and no
// cell beside the mean's becomes too improbable to be drawn.
// Hamano et al.: arXiv 2504.07884 (CatCMA with margin), sections 4.2 and 4.3; integer centering after
// Marty et al., GECCO 2024 (LB+IC-CMA-ES).
//
//   symbol     meaning
//   α          least probability of leaving the cell of the mean, 1 − 0.73^(1/(N_in + N_ca))
//   p_mut      probability of leaving it, as of the last generation

import { erfc } from '../../numerics/erf.ts';
import { ndtri } from '../../numerics/normal.ts';
import type { NumberDimension } from '../encoding.ts';
import { deviation, type NormalModel } from './normal-model.ts';

export interface Margin {
  readonly alpha: number;
  /** By number; only those with cells are used. */
  readonly pMut: Float64Array;
  /** A good sample of the last generation left the cell. */
  readonly left: Uint8Array;
}

const EPS = 1e-8;

function ndtr(x: number): number {
  return 0.5 * erfc(-x * Math.SQRT1_2);
}

/** α for so many numbers with cells and choices. */
export function alphaOf(discrete: number): number {
  return 1 - 0.73 ** (1 / Math.max(1, discrete));
}

export function newMargin(numbers: readonly NumberDimension[], alpha: number): Margin {
  return {
    alpha,
    pMut: new Float64Array(numbers.length).fill(0.5 - EPS),
    left: new Uint8Array(numbers.length),
  };
}

/** Centres the `mu` best samples, in place. */
export function centre(
  margin: Margin,
  numbers: readonly NumberDimension[],
  mean: Float64Array,
  vs: readonly Float64Array[],
  mu: number,
): void {
  numbers.forEach((number, j) => {
    if (number.cells === Infinity) return;
    const home = number.cellOf(mean[j]!);
    /** Of centring, and what the samples that stayed at home could undo of it, up and down. */
    let [bias, up, down] = [0, 0, 0];
    margin.left[j] = 0;
    for (let i = 0; i < mu; i++) {
      const v = vs[i]!;
      const cell = number.cellOf(v[j]!);
      const shift = number.centre(cell) - v[j]!;
      if (cell === home) {
        if (shift > 0) up += shift;
        else down += shift;
      } else {
        margin.left[j] = 1;
        bias += shift;
        v[j]! += shift;
      }
    }
    for (let i = 0; i < mu && bias !== 0; i++) {
      const v = vs[i]!;
      if (number.cellOf(v[j]!) !== home) continue;
      const shift = number.centre(home) - v[j]!;
      if (bias * shift >= 0) continue;
      const moves = shift > 0 ? up : down;
      v[j]! += Math.min(1, -bias / moves) * shift;
    }
  });
}

/** After a generation: moves m and stretches A until every cell beside the mean's has its margin. */
export function correct(
  margin: Margin,
  numbers: readonly NumberDimension[],
  model: NormalModel,
): void {
  numbers.forEach((number, j) => {
    if (number.cells === Infinity) return;
    const { mean } = model;
    const cell = number.cellOf(mean[j]!);
    const last = number.cells - 1;
    const low = number.limit(Math.min(last, Math.max(1, cell)));
    const high = number.limit(Math.min(last, cell + 1));
    const sd = deviation(model, j);
    const below = ndtr((low - mean[j]!) / sd);
    const above = ndtr((mean[j]! - high) / sd);
    if (low === high || Math.max(below, above) > 0.5)
      atEdge(margin, model, j, number.centre(cell), high, below, above);
    else between(margin, model, j, low, high, below, above);
  });
}

/** The mean is in the first or the last cell: one limit only. */
function atEdge(
  margin: Margin,
  model: NormalModel,
  j: number,
  home: number,
  limit: number,
  below: number,
  above: number,
): void {
  const { mean, stretch, covariance, sigma } = model;
  const { alpha, pMut, left } = margin;
  let p = Math.max(Math.min(below, above), alpha);
  if (!left[j]) p = Math.min(p, pMut[j]!);
  p = Math.min(0.5 - EPS, Math.max(EPS, p));
  const sd = sigma * Math.sqrt(covariance.variance(j));
  stretch[j] = Math.max(stretch[j]!, Math.abs(home - limit) / (sd * -ndtri(alpha)));
  const side = mean[j]! < limit ? -1 : 1;
  mean[j] = limit + side * sd * stretch[j]! * -ndtri(p);
  pMut[j] = p;
}

function between(
  margin: Margin,
  model: NormalModel,
  j: number,
  low: number,
  high: number,
  below: number,
  above: number,
): void {
  const { mean, stretch, covariance, sigma } = model;
  const { alpha, pMut, left } = margin;
  const floor = alpha / 2;
  const free = left[j] ? 1 : 0;
  const midFloor = free ? floor : 1 - pMut[j]!;
  const mid = Math.max(1 - below - above, free ? -Infinity : midFloor);
  let [a, b] = [Math.max(below, floor), Math.max(above, floor)];
  const room = a + b + mid - 2 * floor - midFloor;
  const excess = Math.abs(room) < 1e-15 ? 0 : (1 - a - b - mid) / room;
  a = Math.min(0.5 - EPS, Math.max(EPS, a + excess * (a - floor)));
  b = Math.min(0.5 - EPS, Math.max(EPS, b + excess * (b - floor)));
  const [za, zb] = [-ndtri(a), -ndtri(b)];
  stretch[j] = (high - low) / ((za + zb) * sigma * Math.sqrt(covariance.variance(j)));
  mean[j] = (low * zb + high * za) / (za + zb);
  pMut[j] = a + b;
}
