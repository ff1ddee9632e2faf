// Sums and differences of numbers that are known by their logarithms, without overflow or needless
// cancellation.

/** ln Σ exp(terms[i]) over the first `count`; −Infinity for none. */
export function logSumExp(terms: Float64Array, count = terms.length): number {
  let max = -Infinity;
  for (let i = 0; i < count; i++) if (terms[i]! > max) max = terms[i]!;
  if (max === -Infinity || max === Infinity) return max;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.exp(terms[i]! - max);
  return max + Math.log(sum);
}

/** ln(exp(a) + exp(b)). */
export function logAddExp(a: number, b: number): number {
  if (a === b) return a + Math.LN2;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/** ln(1 − exp(−x)) for x ≥ 0 (Mächler, "Accurately computing log(1 − exp(−|a|))", 2012, eq. 7). */
export function log1mexp(x: number): number {
  return x <= Math.LN2 ? Math.log(-Math.expm1(-x)) : Math.log1p(-Math.exp(-x));
}
