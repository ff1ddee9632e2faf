// Addresses of 64-bit numbers. AssemblyScript, not TypeScript: compiled by `./dev kernels` (docs/internals/kernels.md).
//
// Every function here has a twin on typed arrays that gives the same bits: lanes hold neighbouring results, each summed
// in the order of the twin, without fused or relaxed operations.

/** Of the i-th number from `base` on. */
export function at(base: usize, i: i32): usize {
  return base + ((<usize>i) << 3);
}

/** Of row i of a packed lower half. */
export function packedRow(base: usize, i: i32): usize {
  return at(base, (i * (i + 1)) >> 1);
}

export function pair(address: usize): v128 {
  return v128.load(address);
}

/** The same number in both lanes. */
export function both(address: usize): v128 {
  return v128.load64_splat(address);
}

/** The next multiple of 4: rows of tiles begin on whole tiles. */
export function padded(n: i32): i32 {
  return (n + 3) & ~3;
}
