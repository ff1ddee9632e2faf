// The Sobol sequence, randomised: points that fill the unit cube evenly, each computed from its
// index alone.
//
//   symbol   meaning
//   v        direction numbers (sobol-directions.ts): x_k = v_i ⊕ v_j ⊕ … over the set bits of index k
//   L        a random lower-triangular matrix of bits per dimension, with ones on its diagonal
//   shift    a random word per dimension
//   point    L x ⊕ shift, and random bits from the 33rd on
//
// The scramble is J. Matoušek's linear one, "On the L2-discrepancy for anchored boxes", J. Complexity
// 14 (1998) 527–556, section 4.2, with a digital shift: every point is uniform in the cube, every
// elementary interval keeps its share of the points, and a point is never met twice.
// Valid for indices below 2^32 and up to 1,024 dimensions; coordinates are in [0, 1).

import { assert } from '../errors/index.ts';
import { randomStream, type RandomStream } from './random-stream.ts';
import { sobolBits, sobolDirections } from './sobol-directions.ts';

export interface SobolSequence {
  /** Writes point `index` of one of the sequence's replicates, which differ by their shift. */
  point(index: number, replicate: number, target: Float64Array): void;
}

/** As many dimensions as the targets have. */
export function sobolSequence(dimensions: number, seed: number): SobolSequence {
  const v = sobolDirections(dimensions);
  for (let d = 0; d < dimensions; d++) {
    scramble(v.subarray(d * sobolBits, (d + 1) * sobolBits), randomStream(seed, d, 'sobol-matrix'));
  }
  const firstShift = shiftOf(seed, 0, dimensions);
  const digits = new Float64Array(dimensions);

  return {
    point(index, replicate, target) {
      assert(index >= 0 && index < 2 ** 32, `the Sobol sequence has no point ${index}`);
      const shift = replicate === 0 ? firstShift : shiftOf(seed, replicate, dimensions);
      randomStream(seed, index, `sobol-digits-${replicate}`).fill(digits);
      for (let d = 0; d < dimensions; d++) {
        let word = shift[d]!;
        for (let k = index, i = d * sobolBits; k > 0; k >>>= 1, i++) if (k & 1) word ^= v[i]!;
        target[d] = ((word >>> 0) * 2 ** 21 + Math.floor(digits[d]! * 2 ** 21)) / 2 ** 53;
      }
    },
  };
}

/** v_k becomes L v_k: the sum of the columns of L where v_k has a bit. */
function scramble(v: Uint32Array, stream: RandomStream): void {
  const columns = columnsOf(stream);
  for (let k = 0; k < v.length; k++) {
    let word = 0;
    for (let rest = v[k]!; rest !== 0;) {
      const first = Math.clz32(rest);
      word ^= columns[first]!;
      rest ^= 1 << (31 - first);
    }
    v[k] = word;
  }
}

/** Bit 31 − i of column j is that of row i, which has random ones before the diagonal. */
function columnsOf(stream: RandomStream): Int32Array {
  const columns = new Int32Array(sobolBits);
  const rows = new Float64Array(sobolBits);
  stream.fill(rows);
  for (let i = 0; i < sobolBits; i++) {
    const bit = 1 << (31 - i);
    columns[i]! |= bit;
    // The last of i bits is that of column i − 1.
    let row = Math.floor(rows[i]! * 2 ** i);
    for (let j = i - 1; row > 0; j--, row >>>= 1) if (row & 1) columns[j]! |= bit;
  }
  return columns;
}

function shiftOf(seed: number, replicate: number, dimensions: number): Uint32Array {
  const stream = randomStream(seed, replicate, 'sobol-shift');
  const shifts = new Float64Array(dimensions);
  stream.fill(shifts);
  return Uint32Array.from(shifts, (shift) => Math.floor(shift * 2 ** 32));
}
