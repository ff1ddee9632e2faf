// The numeric kernels of a mixture row by row, for numerics/kernels/assembly/normal.ts.

import { kernelsWith } from '../../numerics/kernels/instance.ts';
import type { Draws } from './draws.ts';
import { priorKernel } from './kernels.ts';
import type { NumericKernels } from './numeric-kernels.ts';

export interface NormalTable {
  /** The kernel has changed. */
  touch(k: number): void;
  /** `count` draws; undefined where WebAssembly cannot be had. */
  draw(draws: Draws, count: number): Places | undefined;
}

/** On the scale, of draw i and parameter d at i · stride + d, until kernels of numerics are used again. NaN where it is not known. */
export interface Places {
  readonly x: Float64Array;
  readonly stride: number;
}

const bytes = Float64Array.BYTES_PER_ELEMENT;

export function createNormalTable(numeric: readonly NumericKernels[]): NormalTable {
  // Two at a time.
  const stride = 2 * Math.ceil(numeric.length / 2);
  const width = 4 * stride;
  const frame = frameOf(numeric, stride);
  /** The first is the prior's, row k + 1 that of kernel k; empty: not written yet. */
  const rows: Float64Array[] = [];
  const fresh: boolean[] = [];

  /** The row of the kernel, as the kernel is now. */
  const rowOf = (k: number): Float64Array => {
    const place = k - priorKernel;
    while (place >= rows.length) {
      rows.push(new Float64Array(width));
      fresh.push(false);
    }
    const row = rows[place]!;
    if (!fresh[place]) write(numeric, k, row);
    fresh[place] = true;
    return row;
  };

  return {
    touch(k) {
      if (k - priorKernel < fresh.length) fresh[k - priorKernel] = false;
    },
    draw({ kernels, quantiles, width: given }, count) {
      const table = count * stride;
      const frameAt = table + count * width;
      const quantilesAt = frameAt + frame.length;
      const found = kernelsWith(quantilesAt + quantiles.length);
      if (found === undefined) return undefined;
      const { memory, run } = found;
      for (let i = 0; i < count; i++) memory.set(rowOf(kernels[i]!), table + i * width);
      memory.set(frame, frameAt);
      memory.set(quantiles, quantilesAt);
      run.drawNormals(count, stride, bytes * quantilesAt, given, bytes * table, bytes * frameAt, 0);
      return { x: memory, stride };
    },
  };
}

/** Are draws on the scale coordinates? Others have still to be brought to the range. */
export function isPlain({ scale: { log, step } }: NumericKernels): boolean {
  return !log && step === 0;
}

/** Lowest values, highest ones, and which quantile of a draw is theirs. */
function frameOf(numeric: readonly NumericKernels[], stride: number): Float64Array {
  const frame = new Float64Array(3 * stride);
  numeric.forEach((c, d) => {
    frame[d] = isPlain(c) ? c.lowest : -Infinity;
    frame[d + stride] = isPlain(c) ? c.highest : Infinity;
    frame[d + 2 * stride] = c.draw;
  });
  return frame;
}

/** Centres, widths, and masses that are cut off at the low and at the high end. */
function write(numeric: readonly NumericKernels[], k: number, row: Float64Array): void {
  const stride = row.length / 4;
  for (let d = 0; d < numeric.length; d++) {
    const c = numeric[d]!;
    const own = k !== priorKernel;
    row[d] = own ? c.mu[k]! : c.prior.mean;
    row[d + stride] = own ? Math.SQRT1_2 / c.inverse[k]! : c.prior.sd;
    row[d + 2 * stride] = own ? c.low![k]! : c.prior.low;
    row[d + 3 * stride] = own ? c.high![k]! : c.prior.high;
  }
}
