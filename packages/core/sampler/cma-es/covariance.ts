// The covariance C of the normal distribution, whole or only its diagonal, and its square roots.
//
//   symbol   meaning
//   C        = Vᵀ D² V, the rows of V its eigenvectors; the decomposition may be a few updates old
//   y, z     y = C^½ z: z is standard normal
//   Δ        a change of the entries of C

import { addOuterProducts, type OuterProduct } from '../../numerics/outer-products.ts';
import { symmetricEigen } from '../../numerics/symmetric-eigen.ts';

export interface Covariance {
  readonly n: number;
  readonly diagonal: boolean;
  /** Row by row; of the diagonal one the variances alone. Change it by `update` or `replace`. */
  readonly entries: Float64Array;
  variance(j: number): number;
  /** A y with the distribution N(0, C) from a standard normal z. */
  colour(z: Float64Array): Float64Array;
  /** C^-½ y. */
  whiten(y: Float64Array): Float64Array;
  /** ‖C^-½ y‖². */
  distance(y: Float64Array): number;
  /** C ← scale C + Σ weight y yᵀ. */
  update(scale: number, outers: readonly OuterProduct[]): void;
  /** C^-½ Δ C^-½. */
  local(change: Float64Array): Float64Array;
  replace(entries: Float64Array): void;
  /** Makes the square roots those of C as it is. */
  refresh(): void;
  /** ln |C|, and the ratio of the largest axis to the smallest; as of the last refresh. */
  logDeterminant(): number;
  condition(): number;
}

/** Variances below it are noise of the arithmetic. */
const LEAST = 1e-30;

export function fullCovariance(n: number): Covariance {
  const entries = new Float64Array(n * n);
  let v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = entries[i * n + i] = 1;
  const d = new Float64Array(n).fill(1);

  /** D^-1 V y. */
  const inAxes = (y: Float64Array): Float64Array => {
    const z = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0, at = i * n; j < n; j++, at++) sum += v[at]! * y[j]!;
      z[i] = sum / d[i]!;
    }
    return z;
  };
  /** Vᵀ F z. */
  const fromAxes = (z: Float64Array, factors: Float64Array | undefined): Float64Array => {
    const y = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const length = factors === undefined ? z[i]! : z[i]! * factors[i]!;
      for (let j = 0, at = i * n; j < n; j++, at++) y[j]! += length * v[at]!;
    }
    return y;
  };

  return {
    n,
    diagonal: false,
    entries,
    variance: (j) => entries[j * n + j]!,
    colour: (z) => fromAxes(z, d),
    whiten: (y) => fromAxes(inAxes(y), undefined),
    distance: (y) => squares(inAxes(y)),
    update: (scale, outers) => addOuterProducts(entries, n, scale, outers),
    local(change) {
      // Row by row, then column by column: both sides are symmetric.
      const half = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        half.set(fromAxes(inAxes(change.subarray(i * n, (i + 1) * n)), undefined), i * n);
      }
      const whole = new Float64Array(n * n);
      const column = new Float64Array(n);
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < n; i++) column[i] = half[i * n + j]!;
        whole.set(fromAxes(inAxes(column), undefined), j * n);
      }
      return whole;
    },
    replace: (other) => entries.set(other),
    refresh() {
      const { values, vectors } = symmetricEigen(entries, n);
      v = vectors as Float64Array<ArrayBuffer>;
      for (let i = 0; i < n; i++) d[i] = Math.sqrt(Math.max(values[i]!, LEAST));
    },
    logDeterminant: () => d.reduce((sum, x) => sum + 2 * Math.log(x), 0),
    condition: () => ratio(d),
  };
}

export function diagonalCovariance(n: number): Covariance {
  const entries = new Float64Array(n).fill(1);
  const d = new Float64Array(n).fill(1);
  const whiten = (y: Float64Array) => y.map((x, j) => x / d[j]!);
  return {
    n,
    diagonal: true,
    entries,
    variance: (j) => entries[j]!,
    colour: (z) => z.map((x, j) => x * d[j]!),
    whiten,
    distance: (y) => squares(whiten(y)),
    update(scale, outers) {
      for (let j = 0; j < n; j++) entries[j]! *= scale;
      for (const { weight, y } of outers) {
        for (let j = 0; j < n; j++) entries[j]! += weight * y[j]! * y[j]!;
      }
    },
    local: (change) => change.map((x, j) => x / (d[j]! * d[j]!)),
    replace: (other) => entries.set(other),
    refresh() {
      for (let j = 0; j < n; j++) d[j] = Math.sqrt(Math.max(entries[j]!, LEAST));
    },
    logDeterminant: () => d.reduce((sum, x) => sum + 2 * Math.log(x), 0),
    condition: () => ratio(d),
  };
}

function squares(z: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += z[i]! * z[i]!;
  return sum;
}

function ratio(d: Float64Array): number {
  let [low, high] = [Infinity, 0];
  for (const x of d) {
    low = Math.min(low, x);
    high = Math.max(high, x);
  }
  return high / low;
}
