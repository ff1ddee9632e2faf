// Twins: numerics/outer-products.ts and numerics/squared-distances.ts.

import { at, both, packedRow, padded, pair } from './memory';

/**
 * C ← scale C + Σ w y yᵀ on the lower triangle of n rows of `stride` = padded(n) numbers, and the upper one by symmetry.
 * `ys`: `count` rows of `stride`.
 */
export function addOuterProducts(
  c: usize,
  n: i32,
  scale: f64,
  ys: usize,
  weights: usize,
  count: i32,
): void {
  const stride = padded(n);
  const scales = f64x2.splat(scale);
  const step = (<usize>stride) << 3;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j += 4) {
      const place = at(c, i * stride + j);
      let left = f64x2.mul(pair(place), scales);
      let right = f64x2.mul(v128.load(place, 16), scales);
      let y = ys;
      for (let k = 0; k < count; k++) {
        const factor = f64x2.mul(both(at(weights, k)), both(at(y, i)));
        left = f64x2.add(left, f64x2.mul(factor, pair(at(y, j))));
        right = f64x2.add(right, f64x2.mul(factor, v128.load(at(y, j), 16)));
        y += step;
      }
      v128.store(place, left);
      v128.store(place, right, 16);
    }
    for (let j = 0; j < i; j++) {
      store<f64>(at(c, j * stride + i), load<f64>(at(c, i * stride + j)));
    }
  }
}

/** ‖x_i − x_j‖² for j ≤ i, packed; coordinate d of all points is a row of `stride` = padded(n) numbers. */
export function squaredDistances(x: usize, n: i32, dimensions: i32, packed: usize): void {
  const step = (<usize>padded(n)) << 3;
  for (let i = 0; i < n; i++) {
    const row = packedRow(packed, i);
    for (let j = 0; j <= i; j += 4) {
      let left = f64x2.splat(0);
      let right = left;
      let line = x;
      for (let d = 0; d < dimensions; d++) {
        const here = both(at(line, i));
        const a = f64x2.sub(here, pair(at(line, j)));
        const b = f64x2.sub(here, v128.load(at(line, j), 16));
        left = f64x2.add(left, f64x2.mul(a, a));
        right = f64x2.add(right, f64x2.mul(b, b));
        line += step;
      }
      // Beyond the diagonal the next row follows, which is written after this one; at the end there is room.
      v128.store(at(row, j), left);
      v128.store(at(row, j), right, 16);
    }
  }
}
