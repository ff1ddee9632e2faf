// The inner loop of all products of matrices: 4 × 4 numbers in registers.

import { at, both, pair } from './memory';

/**
 * out[r][c] = Σ x[k][i + r] y[k][j + c] over first ≤ k < end, summed in this order from 0; `strideX` and `strideY` are
 * numbers from one k to the next.
 */
export function tile(
  x: usize,
  strideX: i32,
  y: usize,
  strideY: i32,
  first: i32,
  end: i32,
  out: usize,
): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let b0 = a0;
  let b1 = a0;
  let c0 = a0;
  let c1 = a0;
  let d0 = a0;
  let d1 = a0;
  const stepX = (<usize>strideX) << 3;
  const stepY = (<usize>strideY) << 3;
  x += <usize>first * stepX;
  y += <usize>first * stepY;
  for (let k = first; k < end; k++) {
    const y0 = pair(y);
    const y1 = v128.load(y, 16);
    let factor = both(x);
    a0 = f64x2.add(a0, f64x2.mul(factor, y0));
    a1 = f64x2.add(a1, f64x2.mul(factor, y1));
    factor = v128.load64_splat(x, 8);
    b0 = f64x2.add(b0, f64x2.mul(factor, y0));
    b1 = f64x2.add(b1, f64x2.mul(factor, y1));
    factor = v128.load64_splat(x, 16);
    c0 = f64x2.add(c0, f64x2.mul(factor, y0));
    c1 = f64x2.add(c1, f64x2.mul(factor, y1));
    factor = v128.load64_splat(x, 24);
    d0 = f64x2.add(d0, f64x2.mul(factor, y0));
    d1 = f64x2.add(d1, f64x2.mul(factor, y1));
    x += stepX;
    y += stepY;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 32);
  v128.store(out, b1, 48);
  v128.store(out, c0, 64);
  v128.store(out, c1, 80);
  v128.store(out, d0, 96);
  v128.store(out, d1, 112);
}

/** Element (r, c) of what `tile` wrote. */
export function entry(out: usize, r: i32, c: i32): f64 {
  return load<f64>(at(out, 4 * r + c));
}
