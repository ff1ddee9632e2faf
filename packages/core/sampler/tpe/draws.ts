// Draws from kernels of a mixture: one parameter after the other for all draws, whose columns are at hand then.

import { quantileBetweenTails } from '../../numerics/truncated-normal.ts';
import { drawChoice } from './choice-kernels.ts';
import type { Factors } from './factors.ts';
import { priorKernel } from './kernels.ts';
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
export function drawFrom(factors: Factors, draws: Draws, to: readonly Float64Array[]): void {
  for (const c of factors.continuous) drawNumbers(c, draws, to);
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

function drawNumbers(
  c: NumericKernels,
  { width, kernels, quantiles }: Draws,
  to: readonly Float64Array[],
): void {
  const { index, mu, inverse, prior, lowest, highest } = c;
  const [low, high] = [c.low!, c.high!];
  const { log, step } = c.scale;
  for (let i = 0, at = c.draw; i < to.length; i++, at += width) {
    const k = kernels[i]!;
    const q = quantiles[at]!;
    const x =
      k === priorKernel
        ? prior.quantile(q)
        : mu[k]! + (Math.SQRT1_2 / inverse[k]!) * quantileBetweenTails(q, low[k]!, high[k]!);
    const value = log ? Math.exp(x) : x;
    to[i]![index] =
      step > 0
        ? nearestStep(c, value)
        : // −0 is 0.
          value > lowest
          ? value < highest
            ? value + 0
            : highest
          : lowest;
  }
}

function nearestStep({ lowest, scale, axis }: NumericKernels, value: number): number {
  const cell = Math.round((value - lowest) / scale.step);
  return axis.atCell(Math.min(axis.cells - 1, Math.max(0, cell)));
}
