// The kernels of a mixture that are looked at, as 32-bit rows for numerics/kernels/assembly/mixture.ts.
//
//   symbol   meaning                                                        shape
//   x_d      coordinate of a point: its place between the ends of the scale
//   start_k  ln w_k and what else of ln p_k does not depend on x            rows
//   v, u     1/(sigma √2) on that scale, and v times the centre             rows × continuous
//   ln w_k + ln p_k(x) = start_k − Σ_d (x_d v_kd − u_kd)² + factors that are looked up
// A row: start, all pairs (u, v), and for each lookup the place of its entry in bytes.

import { withOtherPriors, type Factors } from './factors.ts';
import { lookupsOf } from './lookups.ts';
import { onScale } from './numeric-kernels.ts';
import type { Scan } from './scan.ts';

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
  /** Of each dimension start and width of the scale, and mean, sd and constant of the prior. */
  readonly frame: Float64Array;
  /** Writes a point on its scales from `at` on. */
  place(coordinates: Float64Array, to: Float64Array, at: number): void;
  /** ln of the prior, from its sum over the dimensions. */
  withLookups(coordinates: Float64Array, sum: number): number;
  /** Writes what the entries are at a point, for one of the lanes. */
  look(coordinates: Float64Array, to: Float32Array, at: number): void;
}

interface Packing {
  /** Something of the kernel but its weight has changed. */
  touch(k: number): void;
  /** Those of the kernels that are looked at. */
  rows(scan: Scan, constants: Float64Array): Packed;
}

/** Rows stay where they are from one time to the next. */
interface Rows {
  /** Each row's kernel, of the first `count`. */
  kernels: Uint32Array;
  count: number;
  /** By kernel: its row, and whether that is as the kernel is. Anything for one that has no row. */
  rowOf: Uint32Array;
  fresh: Uint8Array;
  values: Float32Array;
  /** The same memory. */
  places: Int32Array;
}

/** Undefined where factors are too dear to be asked of all kernels. */
export function createPacking(factors: Factors): Packing | undefined {
  const { continuous } = factors;
  const lookups = lookupsOf(factors);
  const widths = continuous.map(({ scale: { from, to } }) => to - from);
  if (lookups === undefined || !widths.every(Number.isFinite)) return undefined;
  const dimensions = continuous.length;
  const width = 1 + 2 * dimensions + lookups.length;
  const rows = createRows();
  let steepest = 0;

  const frame = Float64Array.from(
    continuous.flatMap(({ scale, prior: { mean, sd, constant } }, d) => {
      return [scale.from, widths[d]!, mean, sd, constant];
    }),
  );
  const place: Packed['place'] = (coordinates, to, at) => {
    for (let d = 0; d < dimensions; d++) {
      const c = continuous[d]!;
      to[at + d] = onScale(c, coordinates[c.index]!);
    }
  };
  const withLookups: Packed['withLookups'] = (coordinates, sum) => {
    return withOtherPriors(factors, coordinates, sum);
  };

  const write = (k: number, at: number): void => {
    const { values } = rows;
    for (let d = 0; d < dimensions; d++) {
      const { mu, inverse, scale } = continuous[d]!;
      const v = widths[d]! * inverse[k]!;
      values[at + 2 * d] = (mu[k]! - scale.from) * inverse[k]!;
      values[at + 2 * d + 1] = v;
      if (v > steepest) steepest = v;
    }
  };

  /** Where the entries of each lookup begin, and how many there are in all. */
  const writePlaces = (): { bases: number[]; entries: number } => {
    const { kernels, count, places } = rows;
    const bases: number[] = [];
    let entries = 0;
    for (let f = 0; f < lookups.length; f++) {
      bases.push(entries);
      const at = 1 + 2 * dimensions + f;
      const to = { places, at, stride: width, first: entries * entryBytes, size: entryBytes };
      entries += lookups[f]!.assign(kernels, count, to);
    }
    return { bases, entries };
  };

  return {
    touch(k) {
      if (k < rows.fresh.length) rows.fresh[k] = 0;
    },
    rows(scan, constants) {
      seat(rows, scan, width, write);
      let start = 0;
      for (let i = 0, at = 0; i < rows.count; i++, at += width) {
        const k = rows.kernels[i]!;
        const value = constants[k]! + Math.log(scan.weights[k]!);
        start = Math.max(start, Math.abs(value));
        rows.values[at] = value;
      }
      const { bases, entries } = writePlaces();
      const look: Packed['look'] = (coordinates, to, at) => {
        for (let f = 0; f < lookups.length; f++) {
          lookups[f]!.write(coordinates, to, at + lanes * bases[f]!, lanes);
        }
      };
      const shape = { rows: rows.values, count: rows.count, width, dimensions };
      const found = { lookups: lookups.length, entries, start, steepest };
      return { ...shape, ...found, frame, place, withLookups, look };
    },
  };
}

function createRows(): Rows {
  const values = new Float32Array(0);
  return {
    kernels: new Uint32Array(0),
    count: 0,
    rowOf: new Uint32Array(0),
    fresh: new Uint8Array(0),
    values,
    places: new Int32Array(values.buffer),
  };
}

/** A row for each kernel that is looked at, written where it is new or no longer as the kernel is. */
function seat(rows: Rows, scan: Scan, width: number, write: (k: number, at: number) => void): void {
  if (rows.fresh.length < scan.weights.length || rows.kernels.length < scan.count) {
    // All are written again.
    const room = Math.min(scan.weights.length, 2 * scan.count);
    Object.assign(rows, { ...createRows(), kernels: new Uint32Array(room) });
    rows.rowOf = new Uint32Array(scan.weights.length);
    rows.fresh = new Uint8Array(scan.weights.length);
    rows.values = new Float32Array(room * width);
    rows.places = new Int32Array(rows.values.buffer);
  }
  const { kernels, rowOf, fresh, values } = rows;
  for (let i = rows.count - 1; i >= 0; i--) {
    if (scan.weights[kernels[i]!]! > 0) continue;
    const last = --rows.count;
    kernels[i] = kernels[last]!;
    rowOf[kernels[i]!] = i;
    values.copyWithin(i * width, last * width, (last + 1) * width);
  }
  for (let i = 0; i < scan.count; i++) {
    const k = scan.kernels[i]!;
    if (kernels[rowOf[k]!] !== k || rowOf[k]! >= rows.count) {
      rowOf[k] = rows.count;
      kernels[rows.count++] = k;
      fresh[k] = 0;
    }
    if (fresh[k] === 1) continue;
    write(k, rowOf[k]! * width + 1);
    fresh[k] = 1;
  }
}
