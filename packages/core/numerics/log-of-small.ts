// The natural logarithm after fdlibm's e_log.c (Sun Microsystems, 1993), error below 1 ulp: as V8 has it, so that draws have the same
// bits in every engine and in the kernels (kernels/assembly/normal.ts).
//
//   symbol   meaning
//   x = 2^k (1 + f) with sqrt(2)/2 < 1 + f < sqrt(2)
//   s        f / (2 + f);  ln(1 + f) = 2 atanh(s) = f − s (f − R),  R by a polynomial in s²

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
/** Which of them is the upper half. */
const upper = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

const ln2High = 6.9314718036912381649e-1;
const ln2Low = 1.90821492927058770002e-10;

/** ln x for 0 < x ≤ 1/2. */
export function logOfSmall(x: number): number {
  const subnormal = x < 2 ** -1022;
  double[0] = subnormal ? x * 2 ** 54 : x;
  const high = words[upper]!;
  const h = high & 0xfffff;
  const i = (h + 0x95f64) & 0x100000;
  words[upper] = h | (i ^ 0x3ff00000);
  const f = double[0] - 1;
  const k = (high >> 20) - (subnormal ? 1077 : 1023) + (i >> 20);
  if ((0xfffff & (2 + h)) < 3) {
    // |f| < 2^-20
    const r = f * f * (0.5 - 0.33333333333333333 * f);
    return k * ln2High - (r - k * ln2Low - f);
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
    return k * ln2High - (square - (s * (square + r) + k * ln2Low) - f);
  }
  return k * ln2High - (s * (f - r) - k * ln2Low - f);
}
