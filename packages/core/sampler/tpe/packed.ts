// The kernels of a mixture that are looked at, as 32-bit rows for numerics/kernels/assembly/mixture.ts.
//
//   symbol   meaning                                                        shape
//   x_d      coordinate of a point: its place between the ends of the scale
//   w_k      weight
//   start_k  what of ln p_k does not depend on x
//   v, u     1/(sigma √2) on that scale, and v times the centre             rows × continuous
//   ln p_k(x) = start_k − Σ_d (x_d v_kd − u_kd)² + what choices and masses of cells add
// A row: start, all pairs (u, v), the choices, and where in columns of masses that of the kernel's group is, in bytes.

import type { Factors } from './factors.ts';
import type { Scan } from './scan.ts';

const bytes = Float32Array.BYTES_PER_ELEMENT;

export interface Packed {
  readonly factors: Factors;
  /** The first `count · width` of them. */
  readonly rows: Float32Array;
  /** Of each row its kernel's. */
  readonly weights: Float32Array;
  readonly count: number;
  readonly width: number;
  /** The largest |start| and the largest v there have been. */
  readonly furthest: number;
  readonly steepest: number;
  /** Of each continuous parameter start and 1 / width of the scale, and mean, 1 / sd and constant of the prior. */
  readonly frame: Float64Array;
}

interface Packing {
  /** Something of the kernel but its weight has changed. */
  touch(k: number): void;
  /** Those of the kernels that are looked at. */
  rows(scan: Scan, constants: Float64Array): Packed;
}

/** Kept from one time to the next, in the order in which kernels are looked at. */
interface Rows {
  /** Each row's kernel, of the first `count`. */
  kernels: Uint32Array;
  count: number;
  /** By kernel: is its row as the kernel is? Anything for one that has no row. */
  fresh: Uint8Array;
  weights: Float32Array;
  values: Float32Array;
  /** The same memory. */
  integers: Int32Array;
}

/** Undefined where factors are too dear to be asked of all kernels. */
export function createPacking(factors: Factors): Packing | undefined {
  const { continuous, choices, stepped } = factors;
  const widths = continuous.map(({ scale: { from, to } }) => to - from);
  if (stepped.some(({ masses }) => masses === undefined)) return undefined;
  if (!widths.every(Number.isFinite)) return undefined;
  const width = 1 + 2 * continuous.length + choices.length + stepped.length;
  const rows = createRows();
  let furthest = 0;
  let steepest = 0;
  const frame = Float64Array.from(
    continuous.flatMap(({ scale, prior: { mean, sd, constant } }, d) => {
      return [scale.from, 1 / widths[d]!, mean, 1 / sd, constant];
    }),
  );

  const write = (k: number, start: number, constant: number): void => {
    const { values, integers, fresh } = rows;
    fresh[k] = 1;
    let at = start;
    values[at++] = constant;
    furthest = Math.max(furthest, Math.abs(constant));
    for (let d = 0; d < continuous.length; d++) {
      const { mu, inverse, scale } = continuous[d]!;
      const v = widths[d]! * inverse[k]!;
      values[at++] = (mu[k]! - scale.from) * inverse[k]!;
      values[at++] = v;
      if (v > steepest) steepest = v;
    }
    for (let c = 0; c < choices.length; c++) integers[at++] = choices[c]!.observed[k]!;
    for (let f = 0; f < stepped.length; f++) {
      integers[at++] = bytes * stepped[f]!.masses!.groupOf[k]!;
    }
  };

  return {
    touch(k) {
      if (k < rows.fresh.length) rows.fresh[k] = 0;
    },
    rows(scan, constants) {
      makeRoom(rows, scan, width);
      const { kernels, count } = scan;
      for (let i = firstOther(rows, scan, 0); i < count; i = firstOther(rows, scan, i)) {
        const k = kernels[i]!;
        if (i >= rows.count || rows.kernels[i] !== k) seat(rows, k, i, width);
        if (rows.fresh[k] === 0) write(k, i * width, constants[k]!);
      }
      rows.count = count;
      const { values, weights } = rows;
      for (let i = 0; i < count; i++) weights[i] = scan.weights[kernels[i]!]!;
      return { factors, rows: values, weights, count, width, furthest, steepest, frame };
    },
  };
}

function createRows(): Rows {
  const values = new Float32Array(0);
  return {
    kernels: new Uint32Array(0),
    count: 0,
    fresh: new Uint8Array(0),
    weights: new Float32Array(0),
    values,
    integers: new Int32Array(values.buffer),
  };
}

/** With more of it all are written again. */
function makeRoom(rows: Rows, scan: Scan, width: number): void {
  if (rows.fresh.length >= scan.weights.length && rows.kernels.length >= scan.count) return;
  const room = Math.min(scan.weights.length, 2 * scan.count);
  rows.count = 0;
  rows.kernels = new Uint32Array(room);
  rows.fresh = new Uint8Array(scan.weights.length);
  rows.weights = new Float32Array(room);
  rows.values = new Float32Array(room * width);
  rows.integers = new Int32Array(rows.values.buffer);
}

/** The first place from i on whose row is not that of its kernel, as that is now. A loop without calls: it goes through nearly all. */
function firstOther({ kernels, count, fresh }: Rows, asked: Scan, i: number): number {
  const wanted = asked.kernels;
  const end = Math.min(count, asked.count);
  while (i < end && kernels[i] === wanted[i] && fresh[wanted[i]!] === 1) i++;
  return i;
}

/** Gives kernel k row i: what is between there and its row has gone, or it is new. */
function seat(rows: Rows, k: number, i: number, width: number): void {
  const { kernels, count, values } = rows;
  const found = kernels.indexOf(k, i);
  if (found >= 0 && found < count) {
    values.copyWithin(i * width, found * width, count * width);
    kernels.copyWithin(i, found, count);
    rows.count -= found - i;
  } else {
    values.copyWithin((i + 1) * width, i * width, count * width);
    kernels.copyWithin(i + 1, i, count);
    kernels[i] = k;
    rows.fresh[k] = 0;
    rows.count = Math.min(count + 1, kernels.length);
  }
}
