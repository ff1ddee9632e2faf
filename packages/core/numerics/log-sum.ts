// Sums and differences of numbers that are known by their logarithms, without overflow or needless
// cancellation. Relative error of each below 1e-15 where the result is not near 0 (test).

/** ln(exp(a) + exp(b)). */
export function logAddExp(a: number, b: number): number {
  if (a === b) return a + Math.LN2;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/** ln Σ exp(x_i); −Infinity of nothing. Any x_i but NaN; one that is Infinity gives Infinity. */
export function logSumExp(terms: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < terms.length; i++) most = Math.max(most, terms[i]!);
  if (Math.abs(most) === Infinity) return most;
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum += Math.exp(terms[i]! - most);
  return most + Math.log(sum);
}

/** ln(1 − exp(−x)) for x ≥ 0 (Mächler, "Accurately computing log(1 − exp(−|a|))", 2012, eq. 7). */
export function log1mexp(x: number): number {
  return x <= Math.LN2 ? Math.log(-Math.expm1(-x)) : Math.log1p(-Math.exp(-x));
}
