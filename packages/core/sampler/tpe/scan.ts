// The kernels of a mixture that are looked at: the newest, and of older ones, where they are more than that, an even sample which
// stands for all of them. The sample is kept: with many trials to go through all of them would cost more than all the rest.

import { closeGap, larger, openGap } from './column.ts';
import { kernelWeight, rampOf, type WeightOf } from './kernel-weight.ts';
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
  /** So many trials, the first of `sample`, stay with that thinning if they are old, ascending; with 1, when all do, none. */
  sampled: number;
  sample: Float64Array<ArrayBuffer>;
  /** Of each of them its rank among all trials. */
  ranks: Uint32Array<ArrayBuffer>;
}

export function createScan(newest: number): Scan {
  const none = new Float64Array(0);
  const nowhere = new Uint32Array(0);
  return {
    newest,
    kernels: nowhere,
    count: 0,
    weights: none,
    thinning: 1,
    sampled: 0,
    sample: none,
    ranks: nowhere,
  };
}

export function kernelsOf({ kernels, count }: Scan): Uint32Array {
  return kernels.subarray(0, count);
}

/** A trial has come, and has its slot. */
export function addToSample(scan: Scan, slots: Slots, trial: number): void {
  if (scan.thinning === 1) return;
  const at = place(scan, trial);
  for (let i = at; i < scan.sampled; i++) scan.ranks[i]!++;
  if (stays(trial, scan.thinning)) putInSample(scan, at, trial, rankOf(slots, trial));
}

/** A trial has gone. */
export function removeFromSample(scan: Scan, trial: number): void {
  if (scan.thinning === 1) return;
  const at = place(scan, trial);
  if (stays(trial, scan.thinning)) {
    scan.sample.copyWithin(at, at + 1, scan.sampled);
    closeGap(scan.ranks, at, scan.sampled);
    scan.sampled--;
  }
  for (let i = at; i < scan.sampled; i++) scan.ranks[i]!--;
}

/** Where the trial is in the sample, or belongs. */
function place({ sample, sampled }: Scan, trial: number): number {
  // It is nearly always the newest.
  if (sampled === 0 || sample[sampled - 1]! < trial) return sampled;
  let low = 0;
  let high = sampled - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sample[middle]! < trial) low = middle + 1;
    else high = middle;
  }
  return low;
}

function putInSample(scan: Scan, at: number, trial: number, rank: number): void {
  if (scan.sampled === scan.sample.length) {
    scan.sample = larger(scan.sample);
    scan.ranks = larger(scan.ranks);
  }
  scan.sample.copyWithin(at + 1, at, scan.sampled);
  openGap(scan.ranks, at, scan.sampled);
  scan.sample[at] = trial;
  scan.ranks[at] = rank;
  scan.sampled++;
}

/**
 * After a change; `weightOf` by trial and what it weighs by its age, undefined where that is all. With `others` only those of them
 * weigh anything else than that.
 */
export function scanAgain(
  scan: Scan,
  slots: Slots,
  weightOf: WeightOf | undefined,
  others: ReadonlySet<number> | undefined,
): void {
  const { count: n, order, trials } = slots;
  if (scan.weights.length < trials.length) {
    scan.weights = new Float64Array(trials.length);
    scan.kernels = new Uint32Array(trials.length);
  }
  const { kernels, newest, weights } = scan;
  for (let i = 0; i < scan.count; i++) weights[kernels[i]!] = 0;
  const thinning = thinningOf(n, newest);
  if (thinning !== scan.thinning) thin(scan, slots, thinning);
  const { sample, sampled, ranks } = scan;
  const first = thinning > 1 ? n - newest : 0;
  const oldest = first > 0 ? trials[order[first]!]! : -Infinity;
  // `kernelWeight` by hand: of nearly all that is asked.
  const ramp = rampOf(n);
  const { m, rise, steps } = ramp;
  let count = 0;
  for (; count < sampled && sample[count]! < oldest; count++) {
    const rank = ranks[count]!;
    const k = order[rank]!;
    kernels[count] = k;
    weights[k] = thinning * (rank < m ? ramp.first + (rank * rise) / steps : 1);
  }
  for (let rank = first; rank < n; rank++) {
    const k = order[rank]!;
    kernels[count++] = k;
    weights[k] = rank < m ? ramp.first + (rank * rise) / steps : 1;
  }
  scan.count = count;
  if (weightOf !== undefined) weighOtherwise(scan, slots, weightOf, others);
}

function weighOtherwise(
  { kernels, count, weights, thinning, newest }: Scan,
  slots: Slots,
  weightOf: WeightOf,
  others: ReadonlySet<number> | undefined,
): void {
  const n = slots.count;
  const weigh = (k: number): void => {
    const trial = slots.trials[k]!;
    const rank = rankOf(slots, trial);
    const old = thinning > 1 && rank < n - newest;
    weights[k] = (old ? thinning : 1) * weightOf(trial, kernelWeight(n, rank));
  };
  if (others === undefined) {
    for (let i = 0; i < count; i++) weigh(kernels[i]!);
    return;
  }
  for (const trial of others) {
    const k = slotOf(slots, trial);
    if (k !== undefined && weights[k]! > 0) weigh(k);
  }
}

/** So that neither too many nor too few are looked at. */
function thinningOf(n: number, newest: number): number {
  // A shift: a power would be no small integer to the engine.
  return 1 << Math.ceil(Math.log2(Math.max(1, n / newest - 1)));
}

/** Draws the sample anew. */
function thin(scan: Scan, { count: n, order, trials }: Slots, thinning: number): void {
  scan.thinning = thinning;
  scan.sampled = 0;
  if (thinning === 1) return;
  for (let rank = 0; rank < n; rank++) {
    const trial = trials[order[rank]!]!;
    if (stays(trial, thinning)) putInSample(scan, scan.sampled, trial, rank);
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
