// Sums and differences of numbers that are known by their logarithms, without overflow or needless
// cancellation.

/** ln(exp(a) + exp(b)). */
export function logAddExp(a: number, b: number): number {
  if (a === b) return a + Math.LN2;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/** ln(1 − exp(−x)) for x ≥ 0 (Mächler, "Accurately computing log(1 − exp(−|a|))", 2012, eq. 7). */
export function log1mexp(x: number): number {
  return x <= Math.LN2 ? Math.log(-Math.expm1(-x)) : Math.log1p(-Math.exp(-x));
}
