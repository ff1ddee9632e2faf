// Twin: numerics/cholesky.ts, where the symbols are.
//
//   symbol   meaning                                                            shape
//   a        packed lower half                                                  n (n + 1) / 2
//   panel    the columns of one block below its diagonal, as rows of columns    32 × padded(n)
//   square   L⁻¹ as whole rows, with zeros right of the diagonal                n × padded(n)
//   out      what `tile` writes                                                 16

import { at, both, packedRow, padded, pair } from './memory';
import { entry, tile } from './tile';

const BLOCK: i32 = 32;

/** False when A is not positive definite, or not a number. */
export function cholesky(a: usize, n: i32, panel: usize, out: usize): bool {
  for (let first = 0; first < n; first += BLOCK) {
    const end = min(first + BLOCK, n);
    if (!factorDiagonalBlock(a, first, end)) return false;
    if (end < n) solvePanel(a, n, first, end, panel, out);
  }
  return true;
}

function factorDiagonalBlock(a: usize, first: i32, end: i32): bool {
  for (let i = first; i < end; i++) {
    const rowI = packedRow(a, i);
    for (let j = first; j <= i; j++) {
      const rowJ = packedRow(a, j);
      let sum = load<f64>(at(rowI, j));
      for (let k = first; k < j; k++) sum -= load<f64>(at(rowI, k)) * load<f64>(at(rowJ, k));
      if (j < i) store<f64>(at(rowI, j), sum / load<f64>(at(rowJ, j)));
      else if (sum > 0 && sum < Infinity) store<f64>(at(rowI, i), sqrt(sum));
      else return false;
    }
  }
  return true;
}

function solvePanel(a: usize, n: i32, first: i32, end: i32, panel: usize, out: usize): void {
  const rows = n - end;
  const stride = padded(rows);
  for (let i = 0; i < rows; i++) {
    const row = packedRow(a, end + i);
    for (let k = first; k < end; k++) {
      store<f64>(at(panel, (k - first) * stride + i), load<f64>(at(row, k)));
    }
  }
  for (let i = 0; i < rows; i += 4) solveFour(at(panel, i), stride, a, first, end);
  for (let i = 0; i < rows; i++) {
    const row = packedRow(a, end + i);
    for (let k = first; k < end; k++) {
      store<f64>(at(row, k), load<f64>(at(panel, (k - first) * stride + i)));
    }
  }
  subtractPanel(a, rows, end, panel, stride, end - first, out);
}

/** Four rows of the panel at once: what lies beyond the last is not read again. */
function solveFour(panel: usize, stride: i32, a: usize, first: i32, end: i32): void {
  const step = (<usize>stride) << 3;
  let target = panel;
  for (let j = first; j < end; j++) {
    const rowJ = packedRow(a, j);
    let left = pair(target);
    let right = v128.load(target, 16);
    let source = panel;
    for (let k = first; k < j; k++) {
      const factor = both(at(rowJ, k));
      left = f64x2.sub(left, f64x2.mul(pair(source), factor));
      right = f64x2.sub(right, f64x2.mul(v128.load(source, 16), factor));
      source += step;
    }
    const diagonal = both(at(rowJ, j));
    v128.store(target, f64x2.div(left, diagonal));
    v128.store(target, f64x2.div(right, diagonal), 16);
    target += step;
  }
}

function subtractPanel(
  a: usize,
  rows: i32,
  end: i32,
  panel: usize,
  stride: i32,
  depth: i32,
  out: usize,
): void {
  for (let i = 0; i < rows; i += 4) {
    const lastRow = min(i + 4, rows);
    for (let j = 0; j <= i; j += 4) {
      tile(at(panel, i), stride, at(panel, j), stride, 0, depth, out);
      for (let r = i; r < lastRow; r++) {
        const row = at(packedRow(a, end + r), end);
        const lastColumn = min(j + 3, r);
        for (let c = j; c <= lastColumn; c++) {
          const place = at(row, c);
          store<f64>(place, load<f64>(place) - entry(out, r - i, c - j));
        }
      }
    }
  }
}

/** Packed L becomes packed L⁻¹, in place. `factors` has room for 4 n numbers. */
export function invertLower(l: usize, n: i32, square: usize, factors: usize, out: usize): void {
  const stride = padded(n);
  memory.fill(square, 0, ((<usize>padded(n) * <usize>stride) as usize) << 3);
  for (let i = 0; i < n; i += 4) {
    const last = min(i + 4, n);
    for (let r = i; r < last; r++) {
      const row = packedRow(l, r);
      const diagonal = 1 / load<f64>(at(row, r));
      for (let k = 0; k < r; k++) {
        store<f64>(at(factors, 4 * k + r - i), -load<f64>(at(row, k)) * diagonal);
      }
      store<f64>(at(square, r * stride + r), diagonal);
    }
    for (let j = 0; j <= i; j += 4) {
      tile(factors, 4, at(square, j), stride, j, i, out);
      for (let r = i; r < last; r++) {
        for (let c = j; c < min(j + 4, r); c++) {
          // Rows of the same four, which the tile did not have.
          let sum = entry(out, r - i, c - j);
          for (let k = max(i, c); k < r; k++) {
            sum += load<f64>(at(factors, 4 * k + r - i)) * load<f64>(at(square, k * stride + c));
          }
          store<f64>(at(square, r * stride + c), sum);
        }
      }
    }
  }
  for (let i = 0; i < n; i++) {
    memory.copy(packedRow(l, i), at(square, i * stride), (<usize>(i + 1)) << 3);
  }
}

/** Packed L⁻¹ becomes the lower half of A⁻¹ = L⁻ᵀ L⁻¹, in place. */
export function multiplyInverse(l: usize, n: i32, square: usize, out: usize): void {
  const stride = padded(n);
  memory.fill(square, 0, (<usize>n * <usize>stride) << 3);
  for (let i = 0; i < n; i++) {
    memory.copy(at(square, i * stride), packedRow(l, i), (<usize>(i + 1)) << 3);
  }
  for (let i = 0; i < n; i += 4) {
    const last = min(i + 4, n);
    for (let j = 0; j <= i; j += 4) {
      tile(at(square, i), stride, at(square, j), stride, i, n, out);
      for (let r = i; r < last; r++) {
        for (let c = j; c <= min(j + 3, r); c++) {
          store<f64>(at(packedRow(l, r), c), entry(out, r - i, c - j));
        }
      }
    }
  }
}
