// Weighted sums of outer products, as a covariance learns them.
//
//   symbol   meaning                                    shape
//   C        symmetric, row-major                       n × n
//   w, y     weight and vector of one product           1, n
//
// Every entry is summed in the order of the products: (… (scale C_ij + (w y_i) y_j) …). Large matrices go to the kernels
// (kernels/), which give the same bits.

import { fastAddOuterProducts } from './kernels/matrix-kernels.ts';

export interface OuterProduct {
  readonly weight: number;
  readonly y: Float64Array;
}

/** From so many multiplications on the way to the kernels and back pays. */
const many = 2000;

/** C ← scale C + Σ w y yᵀ. Only the lower triangle is read. */
export function addOuterProducts(
  c: Float64Array,
  n: number,
  scale: number,
  outers: readonly OuterProduct[],
): void {
  const few = n * n * (outers.length + 1) < 2 * many;
  if (few || !fastAddOuterProducts(c, n, scale, outers)) {
    addOuterProductsInArrays(c, n, scale, outers);
  }
}

export function addOuterProductsInArrays(
  c: Float64Array,
  n: number,
  scale: number,
  outers: readonly OuterProduct[],
): void {
  for (let i = 0; i < n * n; i++) c[i]! *= scale;
  for (const { weight, y } of outers) {
    for (let i = 0; i < n; i++) {
      const factor = weight * y[i]!;
      for (let j = 0, at = i * n; j <= i; j++, at++) c[at]! += factor * y[j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) c[j * n + i] = c[i * n + j]!;
  }
}
