// The kernels of a mixture that are looked at: the newest, and of older ones, where they are more than that, an even sample which
// stands for all of them. The sample is kept: with many trials to go through all of them would cost more than all the rest.

import { placeOf } from '../place-of.ts';
import { rankOf, type Slots } from './slots.ts';

export interface Scan {
  readonly newest: number;
  /** The first `count` are slots in the order of trials. */
  kernels: Uint32Array<ArrayBuffer>;
  count: number;
  /** By slot, with those that it stands for; 0 for those that are not looked at. */
  weights: Float64Array<ArrayBuffer>;
  /** One old trial in so many is looked at. */
  thinning: number;
  /** The trials that stay with that thinning if they are old, ascending; with 1, when all do, nothing. */
  sample: number[];
}

export function createScan(newest: number): Scan {
  const [kernels, weights] = [new Uint32Array(0), new Float64Array(0)];
  return { newest, kernels, count: 0, weights, thinning: 1, sample: [] };
}

export function kernelsOf({ kernels, count }: Scan): Uint32Array {
  return kernels.subarray(0, count);
}

/** A trial has come. */
export function addToSample({ sample, thinning }: Scan, trial: number): void {
  if (thinning > 1 && stays(trial, thinning)) sample.splice(place(sample, trial), 0, trial);
}

/** A trial has gone. */
export function removeFromSample({ sample, thinning }: Scan, trial: number): void {
  if (thinning > 1 && stays(trial, thinning)) sample.splice(place(sample, trial), 1);
}

function place(sample: readonly number[], trial: number): number {
  const last = sample.length - 1;
  return last < 0 || sample[last]! < trial ? last + 1 : placeOf(sample, (one) => one < trial);
}

/** After a change; `weightAt` by rank in the order of trials. */
export function scanAgain(scan: Scan, slots: Slots, weightAt: (rank: number) => number): void {
  const { count: n, order, trials } = slots;
  if (scan.weights.length < trials.length) {
    scan.weights = new Float64Array(trials.length);
    scan.kernels = new Uint32Array(trials.length);
  }
  const { kernels, newest, weights } = scan;
  for (let i = 0; i < scan.count; i++) weights[kernels[i]!] = 0;
  scan.count = 0;
  const look = (rank: number, standsFor: number): void => {
    const k = order[rank]!;
    kernels[scan.count++] = k;
    weights[k] = standsFor * weightAt(rank);
  };
  thin(scan, slots);
  let rank = scan.thinning > 1 ? n - newest : 0;
  const oldest = rank > 0 ? trials[order[rank]!]! : -Infinity;
  for (const trial of scan.sample) {
    if (trial >= oldest) break;
    look(rankOf(slots, trial), scan.thinning);
  }
  for (; rank < n; rank++) look(rank, 1);
}

/** Draws the sample anew where it would be too large or too small. */
function thin(scan: Scan, { count: n, order, trials }: Slots): void {
  const thinning = 2 ** Math.max(0, Math.ceil(Math.log2(n / scan.newest - 1)));
  if (thinning === scan.thinning) return;
  scan.thinning = thinning;
  scan.sample = [];
  if (thinning === 1) return;
  for (let rank = 0; rank < n; rank++) {
    const trial = trials[order[rank]!]!;
    if (stays(trial, thinning)) scan.sample.push(trial);
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
