// Draws from kernels of a mixture: one parameter after the other for all draws, whose columns are at hand then.

import { quantileBetweenTails } from '../../numerics/truncated-normal.ts';
import { drawChoice } from './choice-kernels.ts';
import type { Factors } from './factors.ts';
import { priorKernel } from './kernels.ts';
import type { NormalTable, Places } from './normal-table.ts';
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
  for (let d = 0; d < factors.continuous.length; d++) {
    drawNumbers(factors.continuous[d]!, draws, to, places && { ...places, first: d });
  }
  for (const c of factors.choices) {
    const { index, draw } = c;
    for (let i = 0, at = draw; i < to.length; i++, at += draws.width) {
      to[i]![index] = drawChoice(c, draws.kernels[i]!, draws.quantiles[at]!);
    }
  }
  for (const c of factors.stepped) drawNumbers(c, draws, to);
  for (const { index, coordinate } of factors.fixed) {
    for (const coordinates of to) coordinates[index] = coordinate;
  }
}

/** `places`: of draw i at first + i · stride; what is NaN, or without them all, is found here. */
function drawNumbers(
  c: NumericKernels,
  { width, kernels, quantiles }: Draws,
  to: readonly Float64Array[],
  places?: Places & { first: number },
): void {
  const { index, lowest, highest } = c;
  const { log, step } = c.scale;
  const { x: known, stride, first } = places ?? { x: nowhere, stride: 0, first: 0 };
  for (let i = 0, at = c.draw; i < to.length; i++, at += width) {
    let x = known[first + i * stride]!;
    if (Number.isNaN(x)) x = placeOf(c, kernels[i]!, quantiles[at]!);
    const value = log ? Math.exp(x) : x;
    if (step > 0) to[i]![index] = nearestStep(c, value);
    // −0 is 0.
    else to[i]![index] = value > lowest ? (value < highest ? value + 0 : highest) : lowest;
  }
}

const nowhere = Float64Array.of(NaN);

/** A draw from kernel k on the scale. */
function placeOf({ prior, mu, inverse, low, high }: NumericKernels, k: number, q: number): number {
  if (k === priorKernel) return prior.quantile(q);
  return mu[k]! + (Math.SQRT1_2 / inverse[k]!) * quantileBetweenTails(q, low![k]!, high![k]!);
}

function nearestStep({ lowest, scale, axis }: NumericKernels, value: number): number {
  const cell = Math.round((value - lowest) / scale.step);
  return axis.atCell(Math.min(axis.cells - 1, Math.max(0, cell)));
}
