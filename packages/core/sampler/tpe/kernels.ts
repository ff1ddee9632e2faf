// A mixture is kept parameter by parameter: each holds its factor of every kernel. Kernel k is that
// of the observation in slot k (slots.ts).
//   ln p_k(x) = constant(k) + a part that depends on x and is never above 0

/** The number of the kernel that is the prior. */
export const priorKernel = -1;

/** Of the trial in this slot. */
export interface Observation {
  readonly slot: number;
  /** By slot. */
  readonly trials: Float64Array;
}

/** The first `count` of `which` are kernels; `terms[i]` is that of `which[i]` so far. */
export interface Survivors {
  count: number;
  readonly which: Int32Array;
  readonly terms: Float64Array;
}

/** What a mixture is for. */
export interface Role {
  /** Draws will be made from it. */
  readonly drawn: boolean;
  /** The narrowest width of a numeric kernel, as a share of the range. */
  readonly least: number;
  /**
   * So many of the newest kernels are looked at; of older ones, where they are more than that, an even sample of half of that
   * or more, which stands for all of them.
   */
  readonly newest: number;
}

/** Where a parameter is. */
export interface Place {
  /** In coordinates. */
  readonly index: number;
  /** Which quantile of a draw is its own; the first chooses the kernel. */
  readonly draw: number;
}
