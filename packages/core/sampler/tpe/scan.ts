// The kernels of a mixture that are looked at: the newest, and of older ones, where they are more than that, an even sample which
// stands for all of them. The sample is kept: with many trials to go through all of them would cost more than all the rest.

import { placeOf } from '../place-of.ts';
import { kernelWeight, type WeightOf } from './kernel-weight.ts';
import { rankOf, slotOf, type Slots } from './slots.ts';

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
  /** Of each of them its rank among all trials. */
  ranks: number[];
}

export function createScan(newest: number): Scan {
  const [kernels, weights] = [new Uint32Array(0), new Float64Array(0)];
  return { newest, kernels, count: 0, weights, thinning: 1, sample: [], ranks: [] };
}

export function kernelsOf({ kernels, count }: Scan): Uint32Array {
  return kernels.subarray(0, count);
}

/** A trial has come, and has its slot. */
export function addToSample({ sample, ranks, thinning }: Scan, slots: Slots, trial: number): void {
  if (thinning === 1) return;
  const at = place(sample, trial);
  for (let i = at; i < ranks.length; i++) ranks[i]!++;
  if (!stays(trial, thinning)) return;
  sample.splice(at, 0, trial);
  ranks.splice(at, 0, rankOf(slots, trial));
}

/** A trial has gone. */
export function removeFromSample({ sample, ranks, thinning }: Scan, trial: number): void {
  if (thinning === 1) return;
  const at = place(sample, trial);
  if (stays(trial, thinning)) {
    sample.splice(at, 1);
    ranks.splice(at, 1);
  }
  for (let i = at; i < ranks.length; i++) ranks[i]!--;
}

function place(sample: readonly number[], trial: number): number {
  const last = sample.length - 1;
  return last < 0 || sample[last]! < trial ? last + 1 : placeOf(sample, (one) => one < trial);
}

/**
 * After a change; `weightOf` by trial and what it weighs by its age. With `others` only those of them weigh anything else than
 * that.
 */
export function scanAgain(
  scan: Scan,
  slots: Slots,
  weightOf: WeightOf,
  others: Iterable<number> | undefined,
): void {
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
    const byAge = kernelWeight(n, rank);
    kernels[scan.count++] = k;
    weights[k] = standsFor * (others === undefined ? weightOf(trials[k]!, byAge) : byAge);
  };
  thin(scan, slots);
  let rank = scan.thinning > 1 ? n - newest : 0;
  const oldest = rank > 0 ? trials[order[rank]!]! : -Infinity;
  const { sample, ranks, thinning } = scan;
  for (let i = 0; i < sample.length && sample[i]! < oldest; i++) look(ranks[i]!, thinning);
  for (; rank < n; rank++) look(rank, 1);
  for (const trial of others ?? []) {
    const k = slotOf(slots, trial);
    if (k === undefined || weights[k] === 0) continue;
    const weight = weightOf(trial, kernelWeight(n, rankOf(slots, trial)));
    weights[k] = (trial < oldest ? thinning : 1) * weight;
  }
}

/** Draws the sample anew where it would be too large or too small. */
function thin(scan: Scan, { count: n, order, trials }: Slots): void {
  const thinning = 2 ** Math.max(0, Math.ceil(Math.log2(n / scan.newest - 1)));
  if (thinning === scan.thinning) return;
  scan.thinning = thinning;
  scan.sample = [];
  scan.ranks = [];
  if (thinning === 1) return;
  for (let rank = 0; rank < n; rank++) {
    const trial = trials[order[rank]!]!;
    if (!stays(trial, thinning)) continue;
    scan.sample.push(trial);
    scan.ranks.push(rank);
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
