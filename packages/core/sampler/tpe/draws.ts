// Draws from kernels of a mixture: one parameter after the other for all draws, whose columns are at hand then.

import { quantileBetweenTails } from '../../numerics/truncated-normal.ts';
import { drawChoice } from './choice-kernels.ts';
import type { Factors } from './factors.ts';
import { priorKernel } from './kernels.ts';
import { isPlain, type NormalTable, type Places } from './normal-table.ts';
import type { NumericKernels } from './numeric-kernels.ts';

/** Of each draw its kernel, and a row of quantiles in [0, 1): the first chose the kernel, the others are the parameters'. */
export interface Draws {
  readonly width: number;
  readonly kernels: Int32Array;
  readonly quantiles: Float64Array;
}

/** Room for so many, each with so many quantiles. */
export function createDraws(count: number, width: number): Draws {
  return {
    width,
    kernels: new Int32Array(count),
    quantiles: new Float64Array(count * width),
  };
}

/** Writes one draw to each of the coordinates. */
export function drawFrom(
  factors: Factors,
  table: NormalTable | undefined,
  draws: Draws,
  to: readonly Float64Array[],
): void {
  const places = table?.draw(draws, to.length);
  if (places !== undefined) takeFrom(places, factors.numeric, draws, to);
  else for (const c of factors.numeric) drawNumbers(c, draws, to);
  for (const c of factors.choices) {
    const { index, draw } = c;
    for (let i = 0, at = draw; i < to.length; i++, at += draws.width) {
      to[i]![index] = drawChoice(c, draws.kernels[i]!, draws.quantiles[at]!);
    }
  }
  for (const { index, coordinate } of factors.fixed) {
    for (const coordinates of to) coordinates[index] = coordinate;
  }
}

/** What is not known there is found here. */
function takeFrom(
  { x: known, stride }: Places,
  numeric: readonly NumericKernels[],
  draws: Draws,
  to: readonly Float64Array[],
): void {
  for (let d = 0; d < numeric.length; d++) {
    const c = numeric[d]!;
    const { index } = c;
    const plain = isPlain(c);
    for (let i = 0, at = d; i < to.length; i++, at += stride) {
      const x = known[at]!;
      if (Number.isNaN(x)) to[i]![index] = drawNumber(c, draws, i);
      else to[i]![index] = plain ? x : coordinateAt(c, x);
    }
  }
}

function drawNumbers(c: NumericKernels, draws: Draws, to: readonly Float64Array[]): void {
  const { index } = c;
  for (let i = 0; i < to.length; i++) to[i]![index] = drawNumber(c, draws, i);
}

function drawNumber(c: NumericKernels, { width, kernels, quantiles }: Draws, i: number): number {
  return coordinateAt(c, placeOf(c, kernels[i]!, quantiles[i * width + c.draw]!));
}

/** Of a place on the scale. */
function coordinateAt(c: NumericKernels, x: number): number {
  const { lowest, highest } = c;
  const value = c.scale.log ? Math.exp(x) : x;
  if (c.scale.step > 0) return nearestStep(c, value);
  // −0 is 0.
  return value > lowest ? (value < highest ? value + 0 : highest) : lowest;
}

/** A draw from kernel k on the scale. */
function placeOf({ prior, mu, inverse, low, high }: NumericKernels, k: number, q: number): number {
  if (k === priorKernel) return prior.quantile(q);
  return mu[k]! + (Math.SQRT1_2 / inverse[k]!) * quantileBetweenTails(q, low![k]!, high![k]!);
}

function nearestStep({ lowest, scale, axis }: NumericKernels, value: number): number {
  const cell = Math.round((value - lowest) / scale.step);
  return axis.atCell(Math.min(axis.cells - 1, Math.max(0, cell)));
}
