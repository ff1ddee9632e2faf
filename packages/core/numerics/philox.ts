// Philox4x32-10, a counter-based random number generator.
// Salmon, Moraes, Dror & Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 4.3.
//
//   symbol   meaning                                     shape
//   c        counter, replaced by its random image       4 words of 32 bits
//   k        key                                         2 words of 32 bits
//   M0, M1   multipliers of the S-box                    32 bits
//   W0, W1   Weyl constants that step the key            32 bits (golden ratio, sqrt 3 − 1)

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;
const rounds = 10;

/** Replaces the counter `c` by its random image under the key (k0, k1). */
export function philox4x32(c: Uint32Array, k0: number, k1: number): void {
  // As signed words throughout, which stay in integer registers.
  let c0 = c[0]! | 0;
  let c1 = c[1]! | 0;
  let c2 = c[2]! | 0;
  let c3 = c[3]! | 0;
  for (let round = 0; round < rounds; round++) {
    const high0 = multiplyHigh(M0 & 0xffff, M0 >>> 16, c0);
    const low0 = Math.imul(M0, c0);
    const high1 = multiplyHigh(M1 & 0xffff, M1 >>> 16, c2);
    const low1 = Math.imul(M1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  c[0] = c0;
  c[1] = c1;
  c[2] = c2;
  c[3] = c3;
}

/** The upper 32 bits of the 64-bit product of two words, the first by its halves. */
function multiplyHigh(aLow: number, aHigh: number, b: number): number {
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const left = Math.imul(aLow, bHigh);
  const right = Math.imul(aHigh, bLow);
  const carry = (Math.imul(aLow, bLow) >>> 16) + (left & 0xffff) + (right & 0xffff);
  return (Math.imul(aHigh, bHigh) + (left >>> 16) + (right >>> 16) + (carry >>> 16)) | 0;
}
