// The prior of a numeric parameter: the user's, or a normal distribution about the middle, as wide
// as the range; truncated to the range like every kernel.

import { erfc } from '../../numerics/erf.ts';
import { logSqrt2Pi } from '../../numerics/normal.ts';
import {
  logGaussMass,
  quantileBetweenTails,
  truncatedNormalQuantile,
} from '../../numerics/truncated-normal.ts';
import type { Scale } from '../scale.ts';

export interface NumericPrior {
  readonly mean: number;
  readonly sd: number;
  /** ln of the mass on the range, and what else of ln p does not depend on x, negative. */
  readonly constant: number;
  /** Masses that are cut off at the ends; NaN where they do not tell the quantiles with enough digits. */
  readonly low: number;
  readonly high: number;
  /** The quantile function. */
  quantile(q: number): number;
}

export function numericPrior({ from, to, mean, sd, step }: Scale): NumericPrior {
  const [a, b] = [(from - mean) / sd, (to - mean) / sd];
  const [low, high] = [0.5 * erfc(-a * Math.SQRT1_2), 0.5 * erfc(b * Math.SQRT1_2)];
  // Neither a mean outside the range nor a prior that is nearly uniform on it.
  const plain = a < 0 && b > 0 && b - a >= 1;
  return {
    mean,
    sd,
    constant: -logGaussMass(a, b) - (step > 0 ? 0 : Math.log(sd) + logSqrt2Pi),
    low: plain ? low : NaN,
    high: plain ? high : NaN,
    quantile: (q) =>
      mean + sd * (plain ? quantileBetweenTails(q, low, high) : truncatedNormalQuantile(q, a, b)),
  };
}
