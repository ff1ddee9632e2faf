// The numeric kernels of a mixture row by row, for numerics/kernels/assembly/normal.ts.

import { kernelsWith } from '../../numerics/kernels/instance.ts';
import { larger } from './column.ts';
import type { Draws } from './draws.ts';
import { priorKernel } from './kernels.ts';
import type { NumericKernels } from './numeric-kernels.ts';

export interface NormalTable {
  /** The kernel has changed. */
  touch(k: number): void;
  /** `count` draws; undefined where WebAssembly cannot be had. */
  draw(draws: Draws, count: number): Places | undefined;
}

/** On the scale, of draw i and parameter d at i · stride + d, until kernels of numerics are used again; NaN where it is not known. */
export interface Places {
  readonly x: Float64Array;
  readonly stride: number;
}

export function createNormalTable(continuous: readonly NumericKernels[]): NormalTable {
  // Two at a time.
  const stride = 2 * Math.ceil(continuous.length / 2);
  const width = 4 * stride;
  // Row 0 is the prior's, row k + 1 that of kernel k.
  let rows = new Float64Array(16 * width);
  let fresh = new Uint8Array(16);

  const write = (k: number, row: number): void => {
    continuous.forEach((c, d) => {
      const at = row * width + d;
      const own = k !== priorKernel;
      rows[at] = own ? c.mu[k]! : c.prior.mean;
      rows[at + stride] = own ? Math.SQRT1_2 / c.inverse[k]! : c.prior.sd;
      rows[at + 2 * stride] = own ? c.low![k]! : c.prior.low;
      rows[at + 3 * stride] = own ? c.high![k]! : c.prior.high;
    });
  };

  /** Where the row of the kernel begins, which is as the kernel is now. */
  const rowOf = (k: number): number => {
    const row = k - priorKernel;
    while (row >= fresh.length) {
      fresh = larger(fresh);
      const copy = new Float64Array(fresh.length * width);
      copy.set(rows);
      rows = copy;
    }
    if (fresh[row] === 0) write(k, row);
    fresh[row] = 1;
    return row * width;
  };

  return {
    touch(k) {
      if (k - priorKernel < fresh.length) fresh[k - priorKernel] = 0;
    },
    draw({ kernels, quantiles, width: given }, count) {
      const table = count * stride;
      const found = kernelsWith(table + count * width);
      if (found === undefined) return undefined;
      const { memory, run } = found;
      for (let i = 0; i < count; i++) {
        const row = rowOf(kernels[i]!);
        const from = rows;
        for (let j = 0; j < width; j++) memory[table + i * width + j] = from[row + j]!;
        for (let d = 0; d < continuous.length; d++) {
          memory[i * stride + d] = quantiles[i * given + continuous[d]!.draw]!;
        }
      }
      run.drawNormals(count, stride, 0, table * Float64Array.BYTES_PER_ELEMENT);
      return { x: memory, stride };
    },
  };
}
