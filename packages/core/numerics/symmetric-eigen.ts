// Eigenvalues and eigenvectors of a real symmetric matrix: Householder's reduction to a tridiagonal
// matrix, then implicit QL with Wilkinson's shift.
// Golub & Van Loan: "Matrix computations", 4th edition, algorithms 8.3.1 to 8.3.3.
//
//   symbol   meaning                                              shape
//   A        the matrix: A = Vᵀ Λ V                               n × n, row-major
//   d, e     diagonal and subdiagonal of T; d becomes Λ           n; e[i] stands beside d[i − 1]
//   V        rows are orthonormal eigenvectors                    n × n, row-major
//   h        a reflection is I − h hᵀ, with ‖h‖² = 2
//
// Large matrices go to the kernels (kernels/), which give the same bits: long sums run in two lanes, even and odd places.

import { assert } from '../errors/index.ts';
import { fastSymmetricEigen } from './kernels/matrix-kernels.ts';

export interface SymmetricEigen {
  /** In no order. */
  readonly values: Float64Array;
  /** Row i belongs to value i: rows are read and rotated in one piece. */
  readonly vectors: Float64Array;
}

/** From so many rows on the way to the kernels and back pays. */
const LARGE = 12;
const SWEEPS = 50;
/** Beside a largest entry of 1; its square does not underflow. */
const TINY = 1e-150;

/** Of the lower triangle of `matrix`, n × n in row-major order, finite. About 9 n³ operations. */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  // Of size 1, so that squares neither overflow nor vanish.
  const size = largest(matrix, n);
  const a = matrix.map((x) => x / size);
  const d = new Float64Array(n);
  const v = new Float64Array(n * n);
  const converged =
    (n < LARGE ? undefined : fastSymmetricEigen(a, n, d, v)) ?? eigenInArrays(a, n, d, v);
  assert(converged, 'QL does not converge');
  for (let i = 0; i < n; i++) d[i]! *= size;
  return { values: d, vectors: v };
}

/** Fills d and V, which is 0; overwrites `a`. False when QL does not converge. */
export function eigenInArrays(
  a: Float64Array,
  n: number,
  d: Float64Array,
  v: Float64Array,
): boolean {
  const e = new Float64Array(n);
  accumulate(tridiagonalise(a, n, d, e), n, v);
  for (let i = 1; i < n; i++) e[i - 1] = e[i]!;
  if (n > 0) e[n - 1] = 0;
  for (let l = 0; l < n; l++) if (!isolate(l, n, d, e, v)) return false;
  return true;
}

/** |entry| of the lower triangle; 1 when all are 0. */
function largest(a: Float64Array, n: number): number {
  let size = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) size = Math.max(size, Math.abs(a[i * n + j]!));
  }
  assert(size < Infinity, 'the matrix is not finite');
  return size === 0 ? 1 : size;
}

/** Fills d and e; gives the vectors h, row k for the reflection that clears column k. */
function tridiagonalise(a: Float64Array, n: number, d: Float64Array, e: Float64Array) {
  const reflections = new Float64Array(n * n);
  const p = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    d[k] = a[k * n + k]!;
    if (k === n - 1) break;
    const h = reflections.subarray(k * n, (k + 1) * n);
    e[k + 1] = reflection(a, n, k, h);
    if (k < n - 2 && h[k + 1] !== 0) reflectRest(a, n, k + 1, h, p);
  }
  return reflections;
}

/** h for column k of the lower triangle; the value is the entry that is left below the diagonal. */
function reflection(a: Float64Array, n: number, k: number, h: Float64Array): number {
  const first = a[(k + 1) * n + k]!;
  let scale = 0;
  for (let i = k + 2; i < n; i++) scale = Math.max(scale, Math.abs(a[i * n + k]!));
  if (scale === 0) return first;
  scale = Math.max(scale, Math.abs(first));
  let squares = 0;
  for (let i = k + 1; i < n; i++) {
    const x = a[i * n + k]! / scale;
    h[i] = x;
    squares += x * x;
  }
  const norm = Math.sqrt(squares);
  const head = h[k + 1]!;
  const left = head > 0 ? -norm : norm;
  h[k + 1] = head - left;
  // ‖h‖² = 2 (norm² + |head| norm) before it is scaled to 2.
  const shrink = 1 / Math.sqrt(squares + Math.abs(head) * norm);
  for (let i = k + 1; i < n; i++) h[i]! *= shrink;
  return left * scale;
}

/** A ← (I − h hᵀ) A (I − h hᵀ) on the lower triangle from row `from` on. */
function reflectRest(
  a: Float64Array,
  n: number,
  from: number,
  h: Float64Array,
  p: Float64Array,
): void {
  p.fill(0, from);
  for (let i = from; i < n; i++) {
    const row = i * n;
    const hi = h[i]!;
    let [even, odd, j] = [0, 0, from];
    for (; j + 1 < i; j += 2) {
      const left = a[row + j]!;
      const right = a[row + j + 1]!;
      even += left * h[j]!;
      odd += right * h[j + 1]!;
      p[j]! += left * hi;
      p[j + 1]! += right * hi;
    }
    if (j < i) {
      even += a[row + j]! * h[j]!;
      p[j]! += a[row + j]! * hi;
    }
    p[i]! += even + odd + a[row + i]! * hi;
  }
  let half = 0;
  for (let i = from; i < n; i++) half += p[i]! * h[i]!;
  half *= 0.5;
  for (let i = from; i < n; i++) p[i]! -= half * h[i]!;
  for (let i = from; i < n; i++) {
    const row = i * n;
    const hi = h[i]!;
    const pi = p[i]!;
    for (let j = from; j <= i; j++) a[row + j]! -= hi * p[j]! + pi * h[j]!;
  }
}

/** The transposed product of the reflections. */
function accumulate(reflections: Float64Array, n: number, v: Float64Array): void {
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let k = n - 3; k >= 0; k--) {
    const h = k * n;
    if (reflections[h + k + 1] === 0) continue;
    for (let row = (k + 1) * n; row < n * n; row += n) {
      let [even, odd, i] = [0, 0, k + 1];
      for (; i + 1 < n; i += 2) {
        even += v[row + i]! * reflections[h + i]!;
        odd += v[row + i + 1]! * reflections[h + i + 1]!;
      }
      if (i < n) even += v[row + i]! * reflections[h + i]!;
      const sum = even + odd;
      for (let j = k + 1; j < n; j++) v[row + j]! -= sum * reflections[h + j]!;
    }
  }
}

/** Sweeps until value l stands alone. */
function isolate(l: number, n: number, d: Float64Array, e: Float64Array, v: Float64Array): boolean {
  for (let sweep = 0; sweep <= SWEEPS; sweep++) {
    let m = l;
    while (m < n - 1) {
      const size = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
      if (Math.abs(e[m]!) <= Number.EPSILON * size || Math.abs(e[m]!) < TINY) break;
      m++;
    }
    if (m === l) return true;
    if (sweep < SWEEPS) sweepQl(l, m, n, d, e, v);
  }
  return false;
}

/** One implicit QL step on rows l … m; the bulge is chased upwards from m. */
function sweepQl(
  l: number,
  m: number,
  n: number,
  d: Float64Array,
  e: Float64Array,
  v: Float64Array,
): void {
  const ratio = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  // Where the square is infinite the shift is d_m, which will do.
  const root = Math.sqrt(ratio * ratio + 1);
  let g = d[m]! - d[l]!;
  g += e[l]! / (ratio + (ratio < 0 ? -root : root));
  let [sine, cosine, drop] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      // The matrix has split here: begin again on the smaller part.
      d[i + 1]! -= drop;
      e[m] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1]! - drop;
    const turn = (d[i]! - g) * sine + 2 * cosine * b;
    drop = sine * turn;
    d[i + 1] = g + drop;
    g = cosine * turn - b;
    rotate(v, i * n, (i + 1) * n, n, cosine, sine);
  }
  d[l]! -= drop;
  e[l] = g;
  e[m] = 0;
}

function rotate(
  v: Float64Array,
  a: number,
  b: number,
  n: number,
  cosine: number,
  sine: number,
): void {
  for (let k = 0; k < n; k++) {
    const x = v[a + k]!;
    const y = v[b + k]!;
    v[b + k] = sine * x + cosine * y;
    v[a + k] = cosine * x - sine * y;
  }
}
