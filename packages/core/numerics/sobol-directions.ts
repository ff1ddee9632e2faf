// Direction numbers of the Sobol sequence (I. M. Sobol', 1967) by the recurrence of S. Joe and
// F. Y. Kuo, "Remark on algorithm 659", ACM Trans. Math. Softw. 29 (2003) 49–57, section 2.
//
//   symbol   meaning
//   s        degree of the dimension's primitive polynomial x^s + a_1 x^(s−1) + … + a_(s−1) x + 1
//   m_k      initial direction numbers, k = 1 … s: odd and below 2^k
//   v_k      m_k / 2^k, as a word of 32 bits: the point's change when bit k − 1 of its index is set

import { assert } from '../errors/index.ts';
import { sobolTable } from './sobol-table.ts';

export const mostSobolDimensions = 1024;
export const sobolBits = 32;

/**
 * How many primitive polynomials there are of degree 1, 2 …: φ(2^s − 1) / s; of degree 13 those
 * that are needed. The table has them in this order.
 */
const polynomialsOfDegree = [1, 1, 2, 2, 6, 6, 18, 16, 48, 60, 176, 144, 543];

/** v_1 … v_32 of one dimension after the other, 1 ≤ dimensions ≤ 1,024. */
export function sobolDirections(dimensions: number): Uint32Array {
  assert(dimensions <= mostSobolDimensions, `no direction numbers for ${dimensions} dimensions`);
  const directions = new Uint32Array(dimensions * sobolBits);
  // The first dimension is the van der Corput sequence: m_k = 1.
  for (let k = 0; k < sobolBits && dimensions > 0; k++) directions[k] = 2 ** (31 - k);
  const bits = tableBits();
  let dimension = 1;
  for (const [i, count] of polynomialsOfDegree.entries()) {
    for (let j = 0; j < count && dimension < dimensions; j++) {
      fill(directions.subarray(dimension * sobolBits, ++dimension * sobolBits), i + 1, bits);
    }
  }
  return directions;
}

function fill(v: Uint32Array, s: number, bits: (count: number) => number): void {
  const inner = bits(s - 1);
  for (let k = 0; k < s; k++) v[k] = (2 * bits(k) + 1) * 2 ** (31 - k);
  for (let k = s; k < sobolBits; k++) {
    // v_k = a_1 v_(k−1) ⊕ … ⊕ a_(s−1) v_(k−s+1) ⊕ v_(k−s) ⊕ v_(k−s) / 2^s (equation 3)
    let word = v[k - s]! ^ (v[k - s]! >>> s);
    for (let i = 1; i < s; i++) if ((inner >>> (s - 1 - i)) & 1) word ^= v[k - i]!;
    v[k] = word;
  }
}

/** Reads the table from its beginning, so many bits at a time, high ones first. */
function tableBits(): (count: number) => number {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let at = 0;
  let held = 0;
  let heldBits = 0;
  return (count) => {
    while (heldBits < count) {
      const six = alphabet.indexOf(sobolTable[at++]!);
      if (six < 0) continue;
      held = (held << 6) | six;
      heldBits += 6;
    }
    heldBits -= count;
    const taken = held >>> heldBits;
    held &= 2 ** heldBits - 1;
    return taken;
  };
}
