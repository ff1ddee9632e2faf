// Its twin is `fill` in random-stream.ts: Philox4x32-10 (philox.ts) of four neighbouring blocks, in the lanes of registers.

const M0: u32 = 0xd2511f53;
const M1: u32 = 0xcd9e8d57;
const W0: u32 = 0x9e3779b9;
const W1: u32 = 0xbb67ae85;
const ROUNDS: i32 = 10;

/** Two numbers in [0, 1) of each of `blocks` blocks, a multiple of 4; the first has the counter (c0, c1, c2, c3). */
export function fractions(
  out: usize,
  blocks: i32,
  c0: u32,
  c1: u32,
  c2: u32,
  c3: u32,
  k0: u32,
  k1: u32,
): void {
  const m0 = i32x4.splat(M0);
  const m1 = i32x4.splat(M1);
  for (let block = 0; block < blocks; block += 4) {
    let a = i32x4.add(i32x4.splat(c0 + block), i32x4(0, 1, 2, 3));
    let b = i32x4.splat(c1);
    let c = i32x4.splat(c2);
    let d = i32x4.splat(c3);
    let x = k0;
    let y = k1;
    for (let round = 0; round < ROUNDS; round++) {
      const left0 = i64x2.extmul_low_i32x4_u(a, m0);
      const right0 = i64x2.extmul_high_i32x4_u(a, m0);
      const left1 = i64x2.extmul_low_i32x4_u(c, m1);
      const right1 = i64x2.extmul_high_i32x4_u(c, m1);
      a = v128.xor(v128.xor(upper(left1, right1), b), i32x4.splat(x));
      b = lower(left1, right1);
      c = v128.xor(v128.xor(upper(left0, right0), d), i32x4.splat(y));
      d = lower(left0, right0);
      x += W0;
      y += W1;
    }
    const scale = f64x2.splat(1 / 9007199254740992.0);
    a = i32x4.shr_u(a, 5);
    b = i32x4.shr_u(b, 6);
    c = i32x4.shr_u(c, 5);
    d = i32x4.shr_u(d, 6);
    storePair(out, a, b, c, d, scale);
    // Blocks 2 and 3.
    storePair(out + 32, high(a), high(b), high(c), high(d), scale);
    out += 64;
  }
}

function lower(left: v128, right: v128): v128 {
  return v128.shuffle<i32>(left, right, 0, 2, 4, 6);
}

function upper(left: v128, right: v128): v128 {
  return v128.shuffle<i32>(left, right, 1, 3, 5, 7);
}

/** Its last two words first. */
function high(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 2, 3, 2, 3);
}

/** The four numbers of the blocks in the first two lanes. */
function storePair(out: usize, a: v128, b: v128, c: v128, d: v128, scale: v128): void {
  const shift = f64x2.splat(67108864.0);
  const first = f64x2.mul(
    f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(a), shift), f64x2.convert_low_i32x4_s(b)),
    scale,
  );
  const second = f64x2.mul(
    f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(c), shift), f64x2.convert_low_i32x4_s(d)),
    scale,
  );
  v128.store(out, v128.shuffle<f64>(first, second, 0, 2));
  v128.store(out, v128.shuffle<f64>(first, second, 1, 3), 16);
}
