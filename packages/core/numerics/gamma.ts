// The gamma function's logarithm and the two regularised incomplete gamma functions.
//
//   symbol   meaning                                               range
//   ln Γ(a)  logarithm of the gamma function                       a > 0
//   P(a, x)  ∫_0^x t^(a−1) e^(−t) dt / Γ(a)                        a > 0, x ≥ 0
//   Q(a, x)  1 − P(a, x)
//   δ(a)     ln Γ(a) − (a − ½) ln a + a − ½ ln 2π: Stirling's correction
//   D(a, x)  x^a e^(−x) / Γ(a + 1)
//
// NIST Digital Library of Mathematical Functions (dlmf.nist.gov), equations as cited. Measured
// against 50 digits for a from 0.1 to 5·10⁵: P and Q, each where it is the smaller of the two, have
// relative errors below 1e-13; ln Γ below 3e-15 of max(1, ln Γ).

/** B_2k / (2k (2k − 1)) of DLMF 5.11.1, k = 1 … 8. */
const stirling = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
];
const halfLog2Pi = 0.9189385332046728;
/** From here on the terms of Stirling's series fall below 1e-17. */
const large = 10;
const epsilon = 1e-17;
const tiny = 1e-300;

export function logGamma(a: number): number {
  let product = 1;
  let b = a;
  // Γ(a) = Γ(a + n) / (a (a + 1) … (a + n − 1))
  for (; b < large; b++) product *= b;
  return (b - 0.5) * Math.log(b) - b + halfLog2Pi + stirlingCorrection(b) - Math.log(product);
}

/** P(a, x) and Q(a, x); the smaller of them is computed, the other follows. */
export function incompleteGamma(a: number, x: number): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  if (x < a + 1) {
    const lower = Math.min(1, gammaDensity(a, x) * seriesSum(a, x));
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, a * gammaDensity(a, x) * continuedFraction(a, x));
  return { lower: 1 - upper, upper };
}

/** D(a, x). */
export function gammaDensity(a: number, x: number): number {
  if (a < large) return Math.exp(a * Math.log(x) - x - logGamma(a + 1));
  // Around x = a the powers cancel: with μ = (x − a) / a it is exp(a (ln(1 + μ) − μ) − δ) / sqrt(2πa).
  const mu = (x - a) / a;
  const power = a * logOnePlusMinus(mu) - stirlingCorrection(a);
  return Math.exp(power) / Math.sqrt(2 * Math.PI * a);
}

function stirlingCorrection(a: number): number {
  const z = 1 / (a * a);
  let sum = 0;
  for (let k = stirling.length - 1; k >= 0; k--) sum = sum * z + stirling[k]!;
  return sum / a;
}

/** ln(1 + μ) − μ, by its series near 0, where the difference would lose its digits. */
function logOnePlusMinus(mu: number): number {
  if (Math.abs(mu) > 0.1) return Math.log1p(mu) - mu;
  let sum = 0;
  for (let power = mu * mu, k = 2; Math.abs(power) > epsilon * mu * mu; power *= -mu, k++) {
    sum -= power / k;
  }
  return sum;
}

/** Σ x^n / ((a + 1) … (a + n)), n = 0, 1 … (DLMF 8.11.4). */
function seriesSum(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > epsilon * sum; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** Γ(a, x) / (x^a e^(−x)) by the continued fraction DLMF 8.9.2, from the front (Lentz's method). */
function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let n = 1; ; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    const factor = c * d;
    h *= factor;
    if (Math.abs(factor - 1) < 1e-16) return h;
  }
}

function nonZero(x: number): number {
  return Math.abs(x) < tiny ? tiny : x;
}
