// The standard normal distribution, usable far into its tails.
//
//   symbol       meaning
//   Φ(x)         cumulative distribution function
//   log_ndtr     ln Φ(x)             all x
//   ndtri_exp    x with ln Φ(x) = y  all y ≤ 0
//   ndtri        x with Φ(x) = p     0 ≤ p ≤ 1
// For x ≤ 0:  Φ(x) = erfcx(t) exp(−x²/2) / 2  with  t = −x/√2.

import { erfc, erfcx } from './erf.ts';
import { log1mexp } from './log-sum.ts';

export const logSqrt2Pi = 0.9189385332046728;
const sqrtHalfPi = 1.2533141373155003;
const maxNewtonSteps = 60;

export function logNdtr(x: number): number {
  if (x === -Infinity) return -Infinity;
  if (x <= 0) return -0.5 * x * x + Math.log(0.5 * erfcx(-x * Math.SQRT1_2));
  return Math.log1p(-0.5 * erfc(x * Math.SQRT1_2));
}

/**
 * Newton's method on f(x) = ln Φ(x) − y over x ≤ 0, where f is increasing and concave: after one
 * step the iterates rise to the root monotonically. f / f' = (ln Φ − y) · Φ/φ, and Φ/φ = erfcx(t)
 * sqrt(π/2) needs no exponential.
 */
export function ndtriExp(y: number): number {
  if (y === 0) return Infinity;
  if (y === -Infinity) return -Infinity;
  if (y > -Math.LN2) return -ndtriExp(log1mexp(-y));
  // The leading term of ln Φ(x) = −x²/2 − ln(−x) − ln sqrt(2π) + … .
  let x = -Math.sqrt(Math.max(0, -2 * (y + logSqrt2Pi)));
  for (let step = 0; step < maxNewtonSteps; step++) {
    const scaled = erfcx(-x * Math.SQRT1_2);
    const delta = (-0.5 * x * x + Math.log(0.5 * scaled) - y) * scaled * sqrtHalfPi;
    x -= delta;
    if (Math.abs(delta) <= 1e-14 * (Math.abs(x) + 1e-2)) break;
  }
  return x;
}

export function ndtri(p: number): number {
  return p <= 0.5 ? ndtriExp(Math.log(p)) : -ndtriExp(Math.log1p(-p));
}
