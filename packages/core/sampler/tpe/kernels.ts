/** One parameter's factor of every kernel of a mixture; the last kernel is the prior. */
export interface Kernels {
  /** Adds the part of ln p_k that does not depend on x, for every kernel k. */
  addConstants(terms: Float64Array): void;
  /**
   * Adds the rest of ln p_k(x) at the coordinate x, which is never above 0, for the first `count`
   * kernels of `which`.
   */
  addLogDensity(x: number, terms: Float64Array, which: Uint32Array, count: number): void;
  /** A coordinate from kernel k, by one quantile in [0, 1). */
  sample(k: number, quantile: number): number;
}

/** A parameter with a single value: certain in every kernel. */
export function fixedKernels(coordinate: number): Kernels {
  return {
    addConstants: () => undefined,
    addLogDensity: () => undefined,
    sample: () => coordinate,
  };
}
