// No twin: 32-bit numbers, by which screen.ts sorts out what is asked again in 64 bits.
//
//   symbol   meaning
//   x_d      coordinates of eight points, scaled
//   w_k      weight
//   term_k   start_k − Σ_d (x_d v_kd − u_kd)² + Σ_c (hit_c where choice_c is that of k, else miss_c) + Σ_f table_f[g_kf][cell_f]
//   m, s     the largest term so far, and Σ w exp(term − m): ln Σ w exp(term) = m + ln s
//
// Row k of kernels: start_k, all pairs (u_kd, v_kd), the choices, and where row g_kf of each table begins in it, in bytes.
// A batch, eight numbers each, one for each point: all x_d, the choices, where in each table the column of the cell begins, the
// term that is known already, and what is enough. Behind that there is room for m, s and the constants of `share`.

/** A term that is that much below the largest is left out: e^−32 is 1e-14, and weights may be millions of times apart. */
const NEGLIGIBLE: f32 = 32;
/** Dimensions between two looks whether a row is left out. */
const STRETCH: i32 = 8;
/** Rows between two looks whether the sums are enough. */
const SPELL: i32 = 16;

/**
 * Sums begin with the term that is known already, which weighs 1. The last rows come first; it stops when every sum is enough.
 * `choiceTerms` has hit and miss of each choice.
 */
export function sumTerms(
  rows: usize,
  weights: usize,
  count: i32,
  dimensions: i32,
  choices: i32,
  stepped: i32,
  choiceTerms: usize,
  batch: usize,
): void {
  const chosen = batch + 32 * <usize>dimensions;
  const columns = chosen + 32 * <usize>choices;
  const known = columns + 32 * <usize>stepped;
  const enough = known + 32;
  const out = enough + 32;
  const constants = out + 64;
  storeConstants(constants);
  let mA = v128.load(known);
  let mB = v128.load(known, 16);
  let sA = f32x4.splat(1);
  let sB = sA;
  const width = (<usize>(1 + 2 * dimensions + choices + stepped)) << 2;
  for (let k = count - 1; k >= 0; k--) {
    if (((count - k) & (SPELL - 1)) == 0 && reaches(mA, sA, enough) && reaches(mB, sB, enough + 16))
      break;
    const row = rows + <usize>k * width;
    if (!squares(row, dimensions, batch, floor(mA), floor(mB))) continue;
    let a = termA;
    let b = termB;
    let at = row + ((<usize>(1 + 2 * dimensions)) << 2);
    for (let choice = chosen; choice < columns; choice += 32, at += 4) {
      const own = v128.load32_splat(at);
      const term = choiceTerms + ((choice - chosen) >> 2);
      const hit = v128.load32_splat(term);
      const miss = v128.load32_splat(term, 4);
      a = f32x4.add(a, v128.bitselect(hit, miss, i32x4.eq(v128.load(choice), own)));
      b = f32x4.add(b, v128.bitselect(hit, miss, i32x4.eq(v128.load(choice, 16), own)));
    }
    for (let column = columns; column < known; column += 32, at += 4) {
      const place = load<usize>(at);
      a = f32x4.add(a, masses(column, place));
      b = f32x4.add(b, masses(column + 16, place));
    }
    if (v128.any_true(v128.or(f32x4.gt(a, mA), f32x4.gt(b, mB)))) {
      const topA = f32x4.max(mA, a);
      const topB = f32x4.max(mB, b);
      sA = f32x4.mul(sA, exponential(f32x4.sub(mA, topA)));
      sB = f32x4.mul(sB, exponential(f32x4.sub(mB, topB)));
      mA = topA;
      mB = topB;
    }
    const weight = v128.load32_splat(weights + ((<usize>k) << 2));
    sA = f32x4.add(sA, f32x4.mul(weight, share(f32x4.sub(a, mA), constants)));
    sB = f32x4.add(sB, f32x4.mul(weight, share(f32x4.sub(b, mB), constants)));
  }
  v128.store(out, mA);
  v128.store(out, mB, 16);
  v128.store(out, sA, 32);
  v128.store(out, sB, 48);
}

/** What is below is left out. */
function floor(m: v128): v128 {
  return f32x4.sub(m, f32x4.splat(NEGLIGIBLE));
}

/** In four columns, of the row that begins at `place`. */
function masses(columns: usize, place: usize): v128 {
  let four = v128.load32_zero(load<usize>(columns) + place);
  four = v128.load32_lane(load<usize>(columns, 4) + place, four, 1);
  four = v128.load32_lane(load<usize>(columns, 8) + place, four, 2);
  return v128.load32_lane(load<usize>(columns, 12) + place, four, 3);
}

/** Of the row that was looked at last. */
let termA: v128 = f32x4.splat(0);
let termB: v128 = termA;

/** start − Σ (x v − u)² of a row; false: it is below both floors, and not all dimensions were looked at. */
function squares(row: usize, dimensions: i32, x: usize, floorA: v128, floorB: v128): bool {
  let a = v128.load32_splat(row);
  let b = a;
  row += 4;
  for (let left = dimensions; left > 0; left -= STRETCH) {
    const end = row + ((<usize>min(left, STRETCH)) << 3);
    for (; row < end; row += 8) {
      const u = v128.load32_splat(row);
      const v = v128.load32_splat(row, 4);
      const zA = f32x4.sub(f32x4.mul(v128.load(x), v), u);
      const zB = f32x4.sub(f32x4.mul(v128.load(x, 16), v), u);
      a = f32x4.sub(a, f32x4.mul(zA, zA));
      b = f32x4.sub(b, f32x4.mul(zB, zB));
      x += 32;
    }
    if (!v128.any_true(v128.or(f32x4.gt(a, floorA), f32x4.gt(b, floorB)))) return false;
  }
  termA = a;
  termB = b;
  return true;
}

/** Is s exp(m − enough) ≥ 1 for all four? */
function reaches(m: v128, s: v128, enough: usize): bool {
  const share = f32x4.mul(s, exponential(f32x4.sub(m, v128.load(enough))));
  return i32x4.all_true(f32x4.ge(share, f32x4.splat(1)));
}

/** In memory, since the engine makes a constant of 128 bits anew wherever it is used, which takes several instructions. */
function storeConstants(to: usize): void {
  v128.store(to, f32x4.splat(-87));
  v128.store(to, f32x4.splat(1.44269504088896341), 16);
  // Numbers of this size are whole.
  v128.store(to, f32x4.splat(12582912), 32);
  v128.store(to, f32x4.splat(0.693147180559945309), 48);
  v128.store(to, f32x4.splat(0.041513681), 64);
  v128.store(to, f32x4.splat(0.16787592), 80);
  v128.store(to, f32x4.splat(0.50003022), 96);
  v128.store(to, f32x4.splat(0.9999668), 112);
  v128.store(to, f32x4.splat(1), 128);
}

/**
 * exp(x) for x ≤ 0, below −87 as there; from −32 on to a relative error of 4e-6, which is enough for what is summed. The
 * polynomial is the best one of its degree for exp(r), |r| ≤ ln 2 / 2, that is 1 at 0 (by Lawson's algorithm).
 */
function share(x: v128, constants: usize): v128 {
  x = f32x4.pmax(x, v128.load(constants));
  // n in the last bits.
  const last = f32x4.add(f32x4.mul(x, v128.load(constants, 16)), v128.load(constants, 32));
  const n = f32x4.sub(last, v128.load(constants, 32));
  const r = f32x4.sub(x, f32x4.mul(n, v128.load(constants, 48)));
  let p = v128.load(constants, 64);
  p = f32x4.add(f32x4.mul(p, r), v128.load(constants, 80));
  p = f32x4.add(f32x4.mul(p, r), v128.load(constants, 96));
  p = f32x4.add(f32x4.mul(p, r), v128.load(constants, 112));
  p = f32x4.add(f32x4.mul(p, r), v128.load(constants, 128));
  return i32x4.add(p, i32x4.shl(last, 23));
}

/**
 * exp(x), outside −87 … 87 as at that end; to a relative error of 2e-7. x = n ln 2 + r with |r| ≤ ln 2 / 2, and exp(r) by the
 * polynomial of Cephes (S. L. Moshier, expf.c).
 */
function exponential(x: v128): v128 {
  // `pmin` and `pmax` are one instruction of the processor each, `min` and `max` several.
  x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87)), f32x4.splat(87));
  // n in the last bits: numbers of this size are whole.
  const whole = f32x4.splat(12582912);
  const last = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), whole);
  const n = f32x4.sub(last, whole);
  // ln 2 in two parts, the first with few digits.
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let p = f32x4.splat(1.98756915e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r), f32x4.splat(1));
  const exponent = i32x4.shl(i32x4.add(last, i32x4.splat(127)), 23);
  return f32x4.mul(p, exponent);
}
