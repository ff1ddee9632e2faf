// The standard normal distribution restricted to [a, b].
//
//   symbol   meaning
//   a, b     bounds in units of sigma from the mean; a < b, either may be infinite or far in a tail
//   mass     Φ(b) − Φ(a)
//   q        quantile in [0, 1]
// Everything right of the mean is mirrored into the left tail, where ln Φ keeps its relative accuracy.

import { erf } from './erf.ts';
import { logAddExp, log1mexp } from './log-sum.ts';
import { logNdtr, logSqrt2Pi, ndtriExp } from './normal.ts';

/** ln(Φ(b) − Φ(a)). */
export function logGaussMass(a: number, b: number): number {
  if (a > 0) return logGaussMass(-b, -a);
  if (b > 0) return Math.log(0.5 * (erf(b * Math.SQRT1_2) + erf(-a * Math.SQRT1_2)));
  const right = logNdtr(b);
  return right + log1mexp(right - logNdtr(a));
}

/** ln of the density at x; −Infinity outside [a, b]. */
export function truncatedNormalLogPdf(x: number, a: number, b: number): number {
  if (x < a || x > b) return -Infinity;
  return -0.5 * x * x - logSqrt2Pi - logGaussMass(a, b);
}

/** The quantile function: q in [0, 1] → x in [a, b]. */
export function truncatedNormalQuantile(q: number, a: number, b: number): number {
  if (a > 0) return -truncatedNormalQuantile(1 - q, -b, -a);
  if (q <= 0) return a;
  if (q >= 1) return b;
  // ln Φ(x) = ln(Φ(a) + q (Φ(b) − Φ(a)))
  const x = ndtriExp(Math.min(0, logAddExp(logNdtr(a), Math.log(q) + logGaussMass(a, b))));
  return Math.min(b, Math.max(a, x));
}
