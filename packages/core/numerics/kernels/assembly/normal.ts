// Its twin is `quantileBetweenTails` in truncated-normal.ts, by `ndtri` in normal.ts and `logOfSmall` in log-of-small.ts, which name
// the sources: two draws in the lanes of each register.

import { at, both } from './memory';

/** |p − 1/2| up to which `ndtri` needs no logarithm. */
const MIDDLE: f64 = 0.425;
const LN2_HIGH: f64 = 6.9314718036912381649e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;

/**
 * `count` draws of `width` truncated normals, a multiple of 2, to `out`. Row i of `kernels` has all centres, widths, and masses that are
 * cut off at the low and at the high end, for draw i, row i of `quantiles` its `given` quantiles. `frame` has the lowest and the highest values, and where in
 * a row the quantiles are.
 */
export function drawNormals(
  count: i32,
  width: i32,
  quantiles: usize,
  given: i32,
  kernels: usize,
  frame: usize,
  out: usize,
): void {
  const one = f64x2.splat(1);
  const half = f64x2.splat(0.5);
  const bytes = (<usize>width) << 3;
  for (let i = 0; i < count; i++) {
    for (let d: usize = 0; d < bytes; d += 16) {
      const row = kernels + d;
      const places = frame + 2 * bytes + d;
      const q = f64x2.replace_lane(
        both(at(quantiles, <i32>load<f64>(places))),
        1,
        load<f64>(at(quantiles, <i32>load<f64>(places, 8))),
      );
      const low = v128.load(row + 2 * bytes);
      const high = v128.load(row + 3 * bytes);
      const mass = f64x2.sub(f64x2.sub(one, low), high);
      const p = f64x2.add(low, f64x2.mul(q, mass));
      const isLower = f64x2.le(p, half);
      const rest = f64x2.add(high, f64x2.mul(f64x2.sub(one, q), mass));
      const x = ndtri(v128.bitselect(p, rest, isLower));
      const z = v128.bitselect(x, f64x2.neg(x), isLower);
      const value = f64x2.add(v128.load(row), f64x2.mul(v128.load(row + bytes), z));
      v128.store(out + d, clamped(value, v128.load(frame + d), v128.load(frame + bytes + d)));
    }
    out += bytes;
    quantiles = at(quantiles, given);
    kernels += 4 * bytes;
  }
}

/** −0 is 0, and NaN is NaN. */
function clamped(value: v128, lowest: v128, highest: v128): v128 {
  const x = v128.bitselect(highest, f64x2.add(value, f64x2.splat(0)), f64x2.ge(value, highest));
  return v128.bitselect(lowest, x, f64x2.le(value, lowest));
}

function ndtri(p: v128): v128 {
  const q = f64x2.sub(p, f64x2.splat(0.5));
  const r = f64x2.sub(f64x2.splat(0.180625), f64x2.mul(q, q));
  let n = times(f64x2.splat(2509.0809287301226727), r, 33430.575583588128105);
  n = times(n, r, 67265.770927008700853);
  n = times(n, r, 45921.953931549871457);
  n = times(n, r, 13731.693765509461125);
  n = times(n, r, 1971.5909503065514427);
  n = times(n, r, 133.14166789178437745);
  n = times(n, r, 3.387132872796366608);
  let s = times(f64x2.splat(5226.495278852854561), r, 28729.085735721942674);
  s = times(s, r, 39307.89580009271061);
  s = times(s, r, 21213.794301586595867);
  s = times(s, r, 5394.1960214247511077);
  s = times(s, r, 687.1870074920579083);
  s = times(s, r, 42.313330701600911252);
  s = times(s, r, 1);
  const x = f64x2.div(f64x2.mul(q, n), s);
  if (i64x2.all_true(f64x2.le(f64x2.abs(q), f64x2.splat(MIDDLE)))) return x;
  const first = ndtriOf(f64x2.extract_lane(p, 0), f64x2.extract_lane(x, 0));
  const second = ndtriOf(f64x2.extract_lane(p, 1), f64x2.extract_lane(x, 1));
  return f64x2.replace_lane(f64x2.splat(first), 1, second);
}

/** `middle`: what it is if that is in the middle. */
function ndtriOf(p: f64, middle: f64): f64 {
  const q = p - 0.5;
  if (abs(q) <= MIDDLE) return middle;
  const tail = q < 0 ? p : 1 - p;
  if (tail <= 0) return q < 0 ? -Infinity : Infinity;
  if (isNaN(tail)) return NaN;
  const r = sqrt(-logOfSmall(tail));
  const x = r <= 5 ? middleP(r - 1.6) / middleQ(r - 1.6) : tailP(r - 5) / tailQ(r - 5);
  return q < 0 ? -x : x;
}

export function logOfSmall(x: f64): f64 {
  const subnormal = x < 2.2250738585072014e-308;
  const bits = reinterpret<i64>(subnormal ? x * 18014398509481984.0 : x);
  const high = <i32>(bits >> 32);
  const h = high & 0xfffff;
  const i = (h + 0x95f64) & 0x100000;
  const scaled = ((<i64>(h | (i ^ 0x3ff00000))) << 32) | (bits & 0xffffffff);
  const f = reinterpret<f64>(scaled) - 1;
  const k = <f64>((high >> 20) - (subnormal ? 1077 : 1023) + (i >> 20));
  if ((0xfffff & (2 + h)) < 3) {
    const r = f * f * (0.5 - 0.33333333333333333 * f);
    return k * LN2_HIGH - (r - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332));
  const even =
    z *
    (0.666666666666673513 +
      w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)));
  const r = even + odd;
  if (((h - 0x6147a) | (0x6b851 - h)) > 0) {
    const square = 0.5 * f * f;
    return k * LN2_HIGH - (square - (s * (square + r) + k * LN2_LOW) - f);
  }
  return k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f);
}

/** sum · r + c. */
function times(sum: v128, r: v128, c: f64): v128 {
  return f64x2.add(f64x2.mul(sum, r), f64x2.splat(c));
}

function middleP(x: f64): f64 {
  let sum: f64 = 7.7454501427834140764e-4;
  sum = sum * x + 0.0227238449892691845833;
  sum = sum * x + 0.24178072517745061177;
  sum = sum * x + 1.27045825245236838258;
  sum = sum * x + 3.64784832476320460504;
  sum = sum * x + 5.7694972214606914055;
  sum = sum * x + 4.6303378461565452959;
  sum = sum * x + 1.42343711074968357734;
  return sum;
}

function middleQ(x: f64): f64 {
  let sum: f64 = 1.05075007164441684324e-9;
  sum = sum * x + 5.475938084995344946e-4;
  sum = sum * x + 0.0151986665636164571966;
  sum = sum * x + 0.14810397642748007459;
  sum = sum * x + 0.68976733498510000455;
  sum = sum * x + 1.6763848301838038494;
  sum = sum * x + 2.05319162663775882187;
  sum = sum * x + 1;
  return sum;
}

function tailP(x: f64): f64 {
  let sum: f64 = 2.01033439929228813265e-7;
  sum = sum * x + 2.71155556874348757815e-5;
  sum = sum * x + 0.0012426609473880784386;
  sum = sum * x + 0.026532189526576123093;
  sum = sum * x + 0.29656057182850489123;
  sum = sum * x + 1.7848265399172913358;
  sum = sum * x + 5.4637849111641143699;
  sum = sum * x + 6.6579046435011037772;
  return sum;
}

function tailQ(x: f64): f64 {
  let sum: f64 = 2.04426310338993978564e-15;
  sum = sum * x + 1.4215117583164458887e-7;
  sum = sum * x + 1.8463183175100546818e-5;
  sum = sum * x + 7.868691311456132591e-4;
  sum = sum * x + 0.0148753612908506148525;
  sum = sum * x + 0.1369298809227358053;
  sum = sum * x + 0.59983220655588793769;
  sum = sum * x + 1;
  return sum;
}
