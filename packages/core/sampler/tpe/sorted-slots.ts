import { closeGap, larger, openGap } from './column.ts';

/** Slots in ascending order of their values, equal values in the order of their ties. */
export interface SortedSlots {
  /** How many. */
  count: number;
  /** `at[i]`: the slot at place i. */
  at: Uint32Array<ArrayBuffer>;
}

export function createSortedSlots(): SortedSlots {
  return { count: 0, at: new Uint32Array(0) };
}

/** What slots are sorted by. */
export interface SortKeys {
  readonly mu: Float64Array;
  readonly tie: Uint32Array;
  readonly trials: Float64Array;
}

/** Returns its place. */
export function insertSlot(sorted: SortedSlots, slot: number, keys: SortKeys): number {
  const n = sorted.count;
  if (n === sorted.at.length) sorted.at = larger(sorted.at);
  const place = placeOf(sorted, slot, keys);
  openGap(sorted.at, place, n);
  sorted.at[place] = slot;
  sorted.count++;
  return place;
}

/** Its keys are still there. Returns what its place was. */
export function removeSlot(sorted: SortedSlots, slot: number, keys: SortKeys): number {
  const place = placeOf(sorted, slot, keys);
  closeGap(sorted.at, place, sorted.count);
  sorted.count--;
  return place;
}

/** Where the slot is, or belongs. */
function placeOf({ at, count }: SortedSlots, slot: number, keys: SortKeys): number {
  const { mu } = keys;
  const value = mu[slot]!;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = at[middle]!;
    const earlier = mu[other] === value ? comesEarlier(other, slot, keys) : mu[other]! < value;
    if (earlier) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of two with equal values. */
function comesEarlier(other: number, slot: number, { tie, trials }: SortKeys): boolean {
  return (tie[other]! - tie[slot]! || trials[other]! - trials[slot]!) < 0;
}
