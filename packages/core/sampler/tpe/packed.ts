// The kernels of a mixture that are looked at, as 32-bit rows for numerics/kernels/assembly/mixture.ts.
//
//   symbol   meaning                                                        shape
//   x_d      coordinate of a point: its place between the ends of the scale
//   w_k      weight
//   start_k  what of ln p_k does not depend on x
//   v, u     1/(sigma √2) on that scale, and v times the centre             rows × continuous
//   hits     what all choices add where they are those of k
//   loss_c   what a choice adds less where it is another one
//   ln w_k + ln p_k(x) = ln w_k + start_k − Σ_d (x_d v_kd − u_kd)² + hits − Σ_c losses + Σ_f masses of cells
// A row: start, all pairs (u, v), the choices, and where in tables of masses that of the kernel's group begins, in bytes.

import type { Factors } from './factors.ts';
import type { Scan } from './scan.ts';

const bytes = Float32Array.BYTES_PER_ELEMENT;

export interface Packed {
  readonly factors: Factors;
  /** The first `count · width` of them. */
  readonly rows: Float32Array;
  /** Of each row its kernel's. */
  readonly weights: Float64Array;
  readonly count: number;
  readonly width: number;
  /** The largest v. */
  readonly steepest: number;
  /** Of each continuous parameter start and width of the scale, and mean, sd and constant of the prior. */
  readonly frame: Float64Array;
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
  weights: Float64Array;
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
  let steepest = 0;
  const frame = Float64Array.from(
    continuous.flatMap(({ scale, prior: { mean, sd, constant } }, d) => {
      return [scale.from, widths[d]!, mean, sd, constant];
    }),
  );

  const write = (k: number, start: number, constant: number): void => {
    const { values, integers } = rows;
    let at = start;
    values[at++] = constant;
    for (let d = 0; d < continuous.length; d++) {
      const { mu, inverse, scale } = continuous[d]!;
      const v = widths[d]! * inverse[k]!;
      values[at++] = (mu[k]! - scale.from) * inverse[k]!;
      values[at++] = v;
      if (v > steepest) steepest = v;
    }
    for (let c = 0; c < choices.length; c++) integers[at++] = choices[c]!.observed[k]!;
    for (let f = 0; f < stepped.length; f++) {
      const { groupOf, lefts } = stepped[f]!.masses!;
      integers[at++] = bytes * lefts.length * groupOf[k]!;
    }
  };

  return {
    touch(k) {
      if (k < rows.fresh.length) rows.fresh[k] = 0;
    },
    rows(scan, constants) {
      makeRoom(rows, scan, width);
      unseat(rows, scan, width);
      for (let i = 0; i < scan.count; i++) {
        const k = scan.kernels[i]!;
        const row = seat(rows, k);
        if (rows.fresh[k] === 0) write(k, row * width, constants[k]!);
        rows.fresh[k] = 1;
        rows.weights[row] = scan.weights[k]!;
      }
      const { values, weights, count } = rows;
      return { factors, rows: values, weights, count, width, steepest, frame };
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
    weights: new Float64Array(0),
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
  rows.rowOf = new Uint32Array(scan.weights.length);
  rows.fresh = new Uint8Array(scan.weights.length);
  rows.weights = new Float64Array(room);
  rows.values = new Float32Array(room * width);
  rows.integers = new Int32Array(rows.values.buffer);
}

/** Rows of kernels that are no longer looked at go to the last ones. */
function unseat(rows: Rows, { weights }: Scan, width: number): void {
  const { kernels, rowOf, values } = rows;
  for (let i = rows.count - 1; i >= 0; i--) {
    if (weights[kernels[i]!]! > 0) continue;
    const last = --rows.count;
    kernels[i] = kernels[last]!;
    rowOf[kernels[i]!] = i;
    values.copyWithin(i * width, last * width, (last + 1) * width);
  }
}

/** The row of the kernel, a new one where it has none. */
function seat(rows: Rows, k: number): number {
  const row = rows.rowOf[k]!;
  if (row < rows.count && rows.kernels[row] === k) return row;
  rows.rowOf[k] = rows.count;
  rows.kernels[rows.count] = k;
  rows.fresh[k] = 0;
  return rows.count++;
}
