// A mixture is kept parameter by parameter: each holds its factor of every kernel. Kernel k is that
// of the observation with rank k in the order of trials; the last, number n, is the prior.
//   ln p_k(x) = constant(k) + a part that depends on x and is never above 0

/** The first `count` of `which` are kernels, ascending; `terms[i]` is that of `which[i]` so far. */
export interface Survivors {
  count: number;
  readonly which: Int32Array;
  readonly terms: Float64Array;
}

/** Where a parameter is. */
export interface Place {
  /** In coordinates. */
  readonly index: number;
  /** Which quantile of a draw is its own; the first chooses the kernel. */
  readonly draw: number;
}
