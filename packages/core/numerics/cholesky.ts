// Cholesky factor of a symmetric positive definite matrix, and what is solved with it.
//
//   symbol   meaning                                                       shape
//   A        the matrix                                                    n × n, its lower half
//   L        lower triangular with A = L Lᵀ                                n × n
//   packed   rows of a lower half one after the other: entry (i, j ≤ i)    n (n + 1) / 2
//            is at i (i + 1) / 2 + j, so that a row is one run of memory
//            and a larger array has room for further rows
//
// L_ij = (A_ij − Σ_{k<j} L_ik L_jk) / L_jj (Golub & Van Loan, "Matrix computations", section 4.2.5):
// every sum runs along two rows. |L Lᵀ − A| ≤ (n + 1) ε |L| |Lᵀ| in each entry (Higham, "Accuracy and
// stability of numerical algorithms", theorem 10.3); the test demands it.
// Large matrices go to the kernels (kernels/), which give the same bits; what follows is their twin.

import { fastCholesky, fastInvertLower, fastMultiplyInverse } from './kernels/matrix-kernels.ts';

/** From so many rows on the way to the kernels and back pays. */
const large = 24;

/** Rows and columns that are worked on together, two by two in registers. */
const block = 32;

/** Where row i of a packed lower half begins. */
export function rowStart(i: number): number {
  return (i * (i + 1)) / 2;
}

/**
 * Replaces packed A by packed L. False when A is not positive definite, or not a number: then what
 * is in `a` has no meaning.
 */
export function cholesky(a: Float64Array, n: number): boolean {
  return (n < large ? undefined : fastCholesky(a, n)) ?? choleskyInArrays(a, n);
}

export function choleskyInArrays(a: Float64Array, n: number): boolean {
  for (let first = 0; first < n; first += block) {
    const end = Math.min(first + block, n);
    if (!factorDiagonalBlock(a, first, end)) return false;
    for (let i = end; i < n; i += 2) {
      solveRowPair(a, i, Math.min(i + 1, n - 1), first, end);
    }
    subtractPanel(a, n, first, end);
  }
  return true;
}

/** Unblocked; what lies left of the block has been subtracted already. */
function factorDiagonalBlock(a: Float64Array, first: number, end: number): boolean {
  for (let i = first; i < end; i++) {
    const rowI = rowStart(i);
    for (let j = first; j <= i; j++) {
      const rowJ = rowStart(j);
      let sum = a[rowI + j]!;
      for (let k = first; k < j; k++) sum -= a[rowI + k]! * a[rowJ + k]!;
      if (j < i) a[rowI + j] = sum / a[rowJ + j]!;
      else if (sum > 0 && sum < Infinity) a[rowI + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Rows i and i2 (the same at the end of an odd number) of the panel below the diagonal block. */
function solveRowPair(a: Float64Array, i: number, i2: number, first: number, end: number): void {
  const rowI = rowStart(i);
  const rowI2 = rowStart(i2);
  for (let j = first; j < end; j++) {
    const rowJ = rowStart(j);
    let sum = a[rowI + j]!;
    let sum2 = a[rowI2 + j]!;
    for (let k = first; k < j; k++) {
      const factor = a[rowJ + k]!;
      sum -= a[rowI + k]! * factor;
      sum2 -= a[rowI2 + k]! * factor;
    }
    a[rowI + j] = sum / a[rowJ + j]!;
    a[rowI2 + j] = sum2 / a[rowJ + j]!;
  }
}

/** A_ij −= Σ L_ik L_jk over the block's columns k, for all i ≥ j ≥ end, two by two. */
function subtractPanel(a: Float64Array, n: number, first: number, end: number): void {
  for (let i = end; i < n; i += 2) {
    const i2 = Math.min(i + 1, n - 1);
    for (let j = end; j <= i; j += 2) subtractTile(a, i, i2, j, Math.min(j + 1, n - 1), first, end);
  }
}

function subtractTile(
  a: Float64Array,
  i: number,
  i2: number,
  j: number,
  j2: number,
  first: number,
  end: number,
): void {
  const [rowI, rowI2, rowJ, rowJ2] = [rowStart(i), rowStart(i2), rowStart(j), rowStart(j2)];
  let ij = 0;
  let ij2 = 0;
  let i2j = 0;
  let i2j2 = 0;
  for (let k = first; k < end; k++) {
    const atI = a[rowI + k]!;
    const atI2 = a[rowI2 + k]!;
    const atJ = a[rowJ + k]!;
    const atJ2 = a[rowJ2 + k]!;
    ij += atI * atJ;
    ij2 += atI * atJ2;
    i2j += atI2 * atJ;
    i2j2 += atI2 * atJ2;
  }
  a[rowI + j]! -= ij;
  if (j2 !== j && j2 <= i) a[rowI + j2]! -= ij2;
  if (i2 === i) return;
  a[rowI2 + j]! -= i2j;
  if (j2 !== j) a[rowI2 + j2]! -= i2j2;
}

/** b becomes L⁻¹ b. */
export function solveLower(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = rowStart(i);
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= l[row + k]! * b[k]!;
    b[i] = sum / l[row + i]!;
  }
}

/** b becomes L⁻ᵀ b. */
export function solveLowerTransposed(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = rowStart(i);
    const x = b[i]! / l[row + i]!;
    b[i] = x;
    for (let k = 0; k < i; k++) b[k]! -= l[row + k]! * x;
  }
}

/** ln det A = 2 Σ ln L_ii. */
export function logDeterminant(l: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(l[rowStart(i) + i]!);
  return 2 * sum;
}

/** Writes packed L⁻¹. */
export function invertLower(l: Float64Array, n: number, inverse: Float64Array): void {
  if (n < large || !fastInvertLower(l, n, inverse)) invertLowerInArrays(l, n, inverse);
}

export function invertLowerInArrays(l: Float64Array, n: number, inverse: Float64Array): void {
  for (let i = 0; i < n; i++) inverseRow(l, i, inverse);
}

/** Row i of packed L⁻¹, from those above it and row i of L: −(L_i L⁻¹) / L_ii and 1 / L_ii. */
export function inverseRow(l: Float64Array, i: number, inverse: Float64Array): void {
  const row = rowStart(i);
  const diagonal = 1 / l[row + i]!;
  inverse.fill(0, row, row + i);
  for (let k = 0; k < i; k++) {
    const factor = -l[row + k]! * diagonal;
    const rowK = rowStart(k);
    for (let j = 0; j <= k; j++) inverse[row + j]! += factor * inverse[rowK + j]!;
  }
  inverse[row + i] = diagonal;
}

/** Writes the packed lower half of A⁻¹ = L⁻ᵀ L⁻¹, from packed L⁻¹; to another array than that. */
export function multiplyInverse(l: Float64Array, n: number, inverse: Float64Array): void {
  if (n < large || !fastMultiplyInverse(l, n, inverse)) multiplyInverseInArrays(l, n, inverse);
}

export function multiplyInverseInArrays(l: Float64Array, n: number, inverse: Float64Array): void {
  inverse.fill(0, 0, rowStart(n));
  for (let k = 0; k < n; k++) {
    const rowK = rowStart(k);
    for (let i = 0; i <= k; i++) {
      const row = rowStart(i);
      const factor = l[rowK + i]!;
      for (let j = 0; j <= i; j++) inverse[row + j]! += factor * l[rowK + j]!;
    }
  }
}
