// The standard normal distribution restricted to [a, b].
//
//   symbol   meaning
//   a, b     bounds in units of sigma from the mean; a < b, either may be infinite or far in a tail
//   mass     Φ(b) − Φ(a)
//   q        quantile in [0, 1]
// Everything right of the mean is mirrored into the left tail, where ln Φ keeps its relative
// accuracy. Measured against 50 digits, from the middle to 10,000 sigmas out: ln mass to 1e-15 of
// max(1, |ln mass|), quantiles to 1e-14 of max(1, |x|).

import { erf, erfcx } from './erf.ts';
import { logAddExp } from './log-sum.ts';
import { logNdtr, logSqrt2Pi, ndtri, ndtriExp } from './normal.ts';

/** Below it the first terms of the series in `narrowMass` leave an error under 1e-12. */
const narrow = 5e-3;
/** Φ(−9) is 1e-19: less than a double can tell from 0 beside 1. */
const certain = 9;

/** ln(Φ(b) − Φ(a)). */
export function logGaussMass(a: number, b: number): number {
  const width = b - a;
  const middle = 0.5 * (a + b);
  if (width * width * (middle * middle + 4) < narrow) return narrowMass(middle, width);
  if (a > 0) return logGaussMass(-b, -a);
  if (a < -certain && b > certain) return 0;
  if (b > 0) return Math.log(0.5 * (erf(b * Math.SQRT1_2) + erf(-a * Math.SQRT1_2)));
  // Φ(x) = exp(−x²/2) erfcx(−x/√2) / 2, with exp(−b²/2) taken out: nothing underflows.
  const left = erfcx(-a * Math.SQRT1_2) * Math.exp(width * middle);
  return -0.5 * b * b + Math.log(0.5 * (erfcx(-b * Math.SQRT1_2) - left));
}

/**
 * A difference of neighbouring Φ would lose its digits: instead the logarithm of the Taylor series
 * of the mass about the middle m of an interval of width h, ln(φ(m) h) + h²(m² − 1)/24 − h⁴(m⁴ +
 * 4m² − 2)/2880 + … .
 */
function narrowMass(m: number, h: number): number {
  const m2 = m * m;
  const h2 = h * h;
  const series = (h2 * (m2 - 1)) / 24 - (h2 * h2 * (m2 * m2 + 4 * m2 - 2)) / 2880;
  return -0.5 * m2 - logSqrt2Pi + Math.log(h) + series;
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

/**
 * The same for bounds on both sides of the mean, by the mass outside: `low` = Φ(a) and
 * `high` = 1 − Φ(b).
 */
export function quantileBetweenTails(q: number, low: number, high: number): number {
  const mass = 1 - low - high;
  const p = low + q * mass;
  const x = ndtri(p <= 0.5 ? p : high + (1 - q) * mass);
  return p <= 0.5 ? x : -x;
}
