// The kernels of a mixture that are looked at, as 32-bit rows for numerics/kernels/assembly/mixture.ts.
//
//   symbol   meaning                                                        shape
//   x_d      coordinate of a point: its place between the ends of the scale
//   start_k  ln w_k and what else of ln p_k does not depend on x            rows
//   v, u     1/(sigma √2) on that scale, and v times the centre             rows × continuous
//   ln w_k + ln p_k(x) = start_k − Σ_d (x_d v_kd − u_kd)² + factors that are looked up
// A row: start, all pairs (u, v), and for each lookup the place of its entry in bytes.

import type { Factors } from './factors.ts';
import { lookupsOf } from './lookups.ts';
import { onScale } from './numeric-kernels.ts';

/** Points that are looked at together: an entry of a lookup has a number for each. */
export const lanes = 8;
const entryBytes = 4 * lanes;

export interface Packed {
  /** The first `count · width` of them. */
  readonly rows: Float32Array;
  readonly count: number;
  readonly width: number;
  readonly dimensions: number;
  readonly lookups: number;
  /** Of all lookups together. */
  readonly entries: number;
  /** The largest |start| and the largest v: what rounding errors grow with. */
  readonly start: number;
  readonly steepest: number;
  /** Writes all x of a point from `at` on. */
  scale(coordinates: Float64Array, to: Float32Array, at: number): void;
  /** Writes what the entries are at a point, for one of the lanes. */
  look(coordinates: Float64Array, to: Float32Array, at: number): void;
}

/** Of kernel `scan[i]`, for each i below `count`. */
export interface Scanned {
  scan: Int32Array;
  count: number;
  constants: Float64Array;
  weight(k: number): number;
}

/** Undefined where factors are too dear to be asked of all kernels. */
export function createPacking(factors: Factors): ((scanned: Scanned) => Packed) | undefined {
  const { continuous } = factors;
  const lookups = lookupsOf(factors);
  const widths = continuous.map(({ scale: { from, to } }) => to - from);
  if (lookups === undefined || !widths.every(Number.isFinite)) return undefined;
  const dimensions = continuous.length;
  const width = 1 + 2 * dimensions + lookups.length;
  let rows = new Float32Array(0);
  let places = new Int32Array(0);

  const scale: Packed['scale'] = (coordinates, to, at) => {
    for (let d = 0; d < dimensions; d++) {
      const c = continuous[d]!;
      to[at + d] = (onScale(c, coordinates[c.index]!) - c.scale.from) / widths[d]!;
    }
  };

  return ({ scan, count, constants, weight }) => {
    if (rows.length < count * width) {
      rows = new Float32Array(scan.length * width);
      places = new Int32Array(rows.buffer);
    }
    let start = 0;
    let steepest = 0;
    for (let i = 0, at = 0; i < count; i++, at += width) {
      const k = scan[i]!;
      const value = constants[k]! + Math.log(weight(k));
      start = Math.max(start, Math.abs(value));
      rows[at] = value;
    }
    for (let d = 0; d < dimensions; d++) {
      const { mu, inverse, scale } = continuous[d]!;
      for (let i = 0, at = 1 + 2 * d; i < count; i++, at += width) {
        const k = scan[i]!;
        const v = widths[d]! * inverse[k]!;
        rows[at] = (mu[k]! - scale.from) * inverse[k]!;
        rows[at + 1] = v;
        if (v > steepest) steepest = v;
      }
    }
    const bases: number[] = [];
    let entries = 0;
    lookups.forEach((lookup, f) => {
      bases.push(entries);
      const distinct = lookup.assign(scan, count);
      for (let i = 0, at = 1 + 2 * dimensions + f; i < count; i++, at += width) {
        places[at] = entryBytes * (entries + lookup.entryOf(scan[i]!));
      }
      entries += distinct;
    });
    const look: Packed['look'] = (coordinates, to, at) => {
      lookups.forEach((lookup, f) => lookup.write(coordinates, to, at + lanes * bases[f]!, lanes));
    };
    const shape = { rows, count, width, dimensions, lookups: lookups.length, entries };
    return { ...shape, start, steepest, scale, look };
  };
}
