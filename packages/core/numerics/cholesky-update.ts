// The Cholesky factor of a matrix that gains or loses one row and column. O(n²) instead of O(n³).
// Where a row was appended, inverseRow (cholesky.ts) brings the inverse up to date.
//
//   symbol   meaning                                                shape
//   L        packed factor (cholesky.ts) of A                       n × n
//   k, κ     the new row of A, without and on its diagonal          n, 1
//   u, l     L⁻¹ k and sqrt(κ − uᵀu): the new row of L              n, 1
//   G        Givens rotation of two neighbouring columns            2 × 2

import { rowStart } from './cholesky.ts';

/**
 * Row n of L, from k and κ; `l` has room for it. What is under the root is at least `floor`, so that
 * a row which repeats another, but for rounding, does not end the factor. The last entry, which it
 * returns, is NaN only when k or κ are.
 */
export function appendRow(
  l: Float64Array,
  n: number,
  k: Float64Array,
  kappa: number,
  floor: number,
): number {
  const row = rowStart(n);
  let rest = kappa;
  for (let i = 0; i < n; i++) {
    const rowI = rowStart(i);
    let sum = k[i]!;
    for (let j = 0; j < i; j++) sum -= l[rowI + j]! * l[row + j]!;
    const u = sum / l[rowI + i]!;
    l[row + i] = u;
    rest -= u * u;
  }
  l[row + n] = Math.sqrt(Math.max(rest, floor));
  return l[row + n]!;
}

/**
 * L of the matrix without row and column `gone`: the rows below move up, each one entry too long,
 * and rotations of columns j and j + 1 clear what then lies above the diagonal (Golub & Van Loan,
 * "Matrix computations", section 6.5.4).
 */
export function deleteRow(l: Float64Array, n: number, gone: number): void {
  for (let i = gone + 1; i < n; i++) {
    // The entry beyond the diagonal of the row at its new place, in column i.
    let beyond = l[rowStart(i) + i]!;
    l.copyWithin(rowStart(i - 1), rowStart(i), rowStart(i) + i);
    const row = rowStart(i - 1);
    const diagonal = l[row + i - 1]!;
    const length = Math.hypot(diagonal, beyond);
    const cosine = diagonal / length;
    const sine = beyond / length;
    l[row + i - 1] = length;
    // Rows that have not moved yet are still in their old places.
    for (let below = i + 1; below < n; below++) {
      const at = rowStart(below) + i - 1;
      const left = l[at]!;
      beyond = l[at + 1]!;
      l[at] = cosine * left + sine * beyond;
      l[at + 1] = cosine * beyond - sine * left;
    }
  }
}
