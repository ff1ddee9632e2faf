// The kernels of the numerics on matrices of simple fractions, of which every engine makes the same.

import { cholesky, invertLower, rowStart } from '../../packages/core/numerics/cholesky.ts';
import { kernelsWith } from '../../packages/core/numerics/kernels/instance.ts';
import { symmetricEigen } from '../../packages/core/numerics/symmetric-eigen.ts';

const n = 50;

export interface KernelsResult {
  /** The engine has them. */
  there: boolean;
  /** Of results, all bits of each. */
  inverse: number[];
  eigenvalues: number[];
}

export function runKernels(): KernelsResult {
  const entry = (i: number, j: number) => (i === j ? n : ((7 * i * i + 3 * i * j + j) % 64) / 64);
  const packed = new Float64Array(rowStart(n));
  const square = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      packed[rowStart(i) + j] = square[i * n + j] = square[j * n + i] = entry(i, j);
    }
  }
  const there = kernelsWith(0) !== undefined;
  if (!cholesky(packed, n)) throw new Error('not positive definite');
  const inverse = new Float64Array(rowStart(n));
  invertLower(packed, n, inverse);
  return { there, inverse: [...inverse], eigenvalues: [...symmetricEigen(square, n).values] };
}
