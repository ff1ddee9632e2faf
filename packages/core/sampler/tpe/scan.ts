// The kernels of a mixture that are looked at: the newest, and of older ones, where they are more than that, an even sample which
// stands for all of them.

import type { Slots } from './slots.ts';

export interface Scan {
  readonly newest: number;
  /** The first `count` are slots in the order of trials. */
  kernels: Uint32Array<ArrayBuffer>;
  count: number;
  /** By slot, with those that it stands for; 0 for those that are not looked at. */
  weights: Float64Array<ArrayBuffer>;
}

export function createScan(newest: number): Scan {
  return { newest, kernels: new Uint32Array(0), count: 0, weights: new Float64Array(0) };
}

export function kernelsOf({ kernels, count }: Scan): Uint32Array {
  return kernels.subarray(0, count);
}

/** After a change; `weightAt` by rank in the order of trials. */
export function scanAgain(
  scan: Scan,
  { count: n, order, trials }: Slots,
  weightAt: (rank: number) => number,
): void {
  if (scan.weights.length < trials.length) {
    scan.weights = new Float64Array(trials.length);
    scan.kernels = new Uint32Array(trials.length);
  }
  const { kernels, newest, weights } = scan;
  for (let i = 0; i < scan.count; i++) weights[kernels[i]!] = 0;
  const thinning = 2 ** Math.max(0, Math.ceil(Math.log2(n / newest - 1)));
  scan.count = 0;
  for (let rank = 0; rank < n; rank++) {
    const k = order[rank]!;
    const old = rank < n - newest;
    if (old && !stays(trials[k]!, thinning)) continue;
    kernels[scan.count++] = k;
    weights[k] = (old ? thinning : 1) * weightAt(rank);
  }
}

/**
 * Is an old trial one of the kept, one in `thinning`? By its number, so that the answer stays while
 * others come and go, and hashed: the trials of a block may all be odd, or far apart. Multiples of
 * the golden ratio spread any run of numbers evenly (Knuth, TAOCP 3, section 6.4).
 */
function stays(trial: number, thinning: number): boolean {
  return Math.imul(trial, 0x9e3779b1) >>> 0 < 2 ** 32 / thinning;
}
