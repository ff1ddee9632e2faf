// Twin: numerics/symmetric-eigen.ts, where the symbols are. Sums run in two lanes, even and odd places from the first on.
//
//   symbol        meaning                                        shape
//   a             lower triangle, of size 1; overwritten         n × n
//   reflections   row k: h of the reflection that clears k       n × n
//   v             rows become eigenvectors                       n × n
//   d, e, p       diagonal, subdiagonal, scratch                 n, n, n

import { at, pair } from './memory';

const SWEEPS: i32 = 50;
const TINY: f64 = 1e-150;
const EPSILON: f64 = 2.220446049250313e-16;

/** False when QL does not converge. */
export function symmetricEigen(
  a: usize,
  n: i32,
  d: usize,
  e: usize,
  p: usize,
  reflections: usize,
  v: usize,
): bool {
  memory.fill(reflections, 0, (<usize>n * <usize>n) << 3);
  memory.fill(v, 0, (<usize>n * <usize>n) << 3);
  tridiagonalise(a, n, d, e, p, reflections);
  accumulate(reflections, n, v);
  for (let i = 1; i < n; i++) store<f64>(at(e, i - 1), load<f64>(at(e, i)));
  if (n > 0) store<f64>(at(e, n - 1), 0);
  for (let l = 0; l < n; l++) if (!isolate(l, n, d, e, v)) return false;
  return true;
}

function tridiagonalise(a: usize, n: i32, d: usize, e: usize, p: usize, reflections: usize): void {
  for (let k = 0; k < n; k++) {
    store<f64>(at(d, k), load<f64>(at(a, k * n + k)));
    if (k === n - 1) break;
    const h = at(reflections, k * n);
    store<f64>(at(e, k + 1), reflection(a, n, k, h));
    if (k < n - 2 && load<f64>(at(h, k + 1)) !== 0) reflectRest(a, n, k + 1, h, p);
  }
}

function reflection(a: usize, n: i32, k: i32, h: usize): f64 {
  const first = load<f64>(at(a, (k + 1) * n + k));
  let scale: f64 = 0;
  for (let i = k + 2; i < n; i++) scale = max(scale, abs(load<f64>(at(a, i * n + k))));
  if (scale === 0) return first;
  scale = max(scale, abs(first));
  let squares: f64 = 0;
  for (let i = k + 1; i < n; i++) {
    const x = load<f64>(at(a, i * n + k)) / scale;
    store<f64>(at(h, i), x);
    squares += x * x;
  }
  const norm = sqrt(squares);
  const head = load<f64>(at(h, k + 1));
  const left = head > 0 ? -norm : norm;
  store<f64>(at(h, k + 1), head - left);
  const shrink = 1 / sqrt(squares + abs(head) * norm);
  for (let i = k + 1; i < n; i++) store<f64>(at(h, i), load<f64>(at(h, i)) * shrink);
  return left * scale;
}

function reflectRest(a: usize, n: i32, from: i32, h: usize, p: usize): void {
  for (let i = from; i < n; i++) store<f64>(at(p, i), 0);
  for (let i = from; i < n; i++) {
    const row = at(a, i * n);
    const hi = load<f64>(at(h, i));
    const his = f64x2.splat(hi);
    let sums = f64x2.splat(0);
    let j = from;
    for (; j + 1 < i; j += 2) {
      const entries = pair(at(row, j));
      sums = f64x2.add(sums, f64x2.mul(entries, pair(at(h, j))));
      v128.store(at(p, j), f64x2.add(pair(at(p, j)), f64x2.mul(entries, his)));
    }
    let even = f64x2.extract_lane(sums, 0);
    if (j < i) {
      const one = load<f64>(at(row, j));
      even += one * load<f64>(at(h, j));
      store<f64>(at(p, j), load<f64>(at(p, j)) + one * hi);
    }
    const sum = even + f64x2.extract_lane(sums, 1) + load<f64>(at(row, i)) * hi;
    store<f64>(at(p, i), load<f64>(at(p, i)) + sum);
  }
  let half: f64 = 0;
  for (let i = from; i < n; i++) half += load<f64>(at(p, i)) * load<f64>(at(h, i));
  half *= 0.5;
  for (let i = from; i < n; i++) {
    store<f64>(at(p, i), load<f64>(at(p, i)) - half * load<f64>(at(h, i)));
  }
  for (let i = from; i < n; i++) {
    const row = at(a, i * n);
    const hi = load<f64>(at(h, i));
    const pi = load<f64>(at(p, i));
    const his = f64x2.splat(hi);
    const pis = f64x2.splat(pi);
    let j = from;
    for (; j < i; j += 2) {
      const change = f64x2.add(f64x2.mul(his, pair(at(p, j))), f64x2.mul(pis, pair(at(h, j))));
      v128.store(at(row, j), f64x2.sub(pair(at(row, j)), change));
    }
    if (j > i) continue;
    const change = hi * load<f64>(at(p, j)) + pi * load<f64>(at(h, j));
    store<f64>(at(row, j), load<f64>(at(row, j)) - change);
  }
}

function accumulate(reflections: usize, n: i32, v: usize): void {
  for (let i = 0; i < n; i++) store<f64>(at(v, i * n + i), 1);
  for (let k = n - 3; k >= 0; k--) {
    const h = at(reflections, k * n);
    if (load<f64>(at(h, k + 1)) === 0) continue;
    for (let i = k + 1; i < n; i++) reflectRow(at(v, i * n), h, k + 1, n);
  }
}

function reflectRow(row: usize, h: usize, from: i32, n: i32): void {
  let sums = f64x2.splat(0);
  let j = from;
  for (; j + 1 < n; j += 2) {
    sums = f64x2.add(sums, f64x2.mul(pair(at(row, j)), pair(at(h, j))));
  }
  let even = f64x2.extract_lane(sums, 0);
  if (j < n) even += load<f64>(at(row, j)) * load<f64>(at(h, j));
  const sum = even + f64x2.extract_lane(sums, 1);
  const sums2 = f64x2.splat(sum);
  for (j = from; j + 1 < n; j += 2) {
    v128.store(at(row, j), f64x2.sub(pair(at(row, j)), f64x2.mul(sums2, pair(at(h, j)))));
  }
  if (j < n) {
    store<f64>(at(row, j), load<f64>(at(row, j)) - sum * load<f64>(at(h, j)));
  }
}

function isolate(l: i32, n: i32, d: usize, e: usize, v: usize): bool {
  for (let sweep = 0; sweep <= SWEEPS; sweep++) {
    let m = l;
    while (m < n - 1) {
      const size = abs(load<f64>(at(d, m))) + abs(load<f64>(at(d, m + 1)));
      const beside = abs(load<f64>(at(e, m)));
      if (beside <= EPSILON * size || beside < TINY) break;
      m++;
    }
    if (m === l) return true;
    if (sweep < SWEEPS) sweepQl(l, m, n, d, e, v);
  }
  return false;
}

function sweepQl(l: i32, m: i32, n: i32, d: usize, e: usize, v: usize): void {
  const first = load<f64>(at(d, l));
  const ratio = (load<f64>(at(d, l + 1)) - first) / (2 * load<f64>(at(e, l)));
  const root = sqrt(ratio * ratio + 1);
  let g = load<f64>(at(d, m)) - first;
  g += load<f64>(at(e, l)) / (ratio + (ratio < 0 ? -root : root));
  let sine: f64 = 1;
  let cosine: f64 = 1;
  let drop: f64 = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = sine * load<f64>(at(e, i));
    const b = cosine * load<f64>(at(e, i));
    const r = sqrt(f * f + g * g);
    store<f64>(at(e, i + 1), r);
    if (r === 0) {
      store<f64>(at(d, i + 1), load<f64>(at(d, i + 1)) - drop);
      store<f64>(at(e, m), 0);
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = load<f64>(at(d, i + 1)) - drop;
    const turn = (load<f64>(at(d, i)) - g) * sine + 2 * cosine * b;
    drop = sine * turn;
    store<f64>(at(d, i + 1), g + drop);
    g = cosine * turn - b;
    rotate(at(v, i * n), at(v, (i + 1) * n), n, cosine, sine);
  }
  store<f64>(at(d, l), load<f64>(at(d, l)) - drop);
  store<f64>(at(e, l), g);
  store<f64>(at(e, m), 0);
}

function rotate(a: usize, b: usize, n: i32, cosine: f64, sine: f64): void {
  const cosines = f64x2.splat(cosine);
  const sines = f64x2.splat(sine);
  let k = 0;
  for (; k + 1 < n; k += 2) {
    const x = pair(at(a, k));
    const y = pair(at(b, k));
    v128.store(at(b, k), f64x2.add(f64x2.mul(sines, x), f64x2.mul(cosines, y)));
    v128.store(at(a, k), f64x2.sub(f64x2.mul(cosines, x), f64x2.mul(sines, y)));
  }
  if (k < n) {
    const x = load<f64>(at(a, k));
    const y = load<f64>(at(b, k));
    store<f64>(at(b, k), sine * x + cosine * y);
    store<f64>(at(a, k), cosine * x - sine * y);
  }
}
