import { closeGap, larger, openGap } from './column.ts';

/** Ranks 0 … n − 1 in ascending order of their values, equal values in the order of their ties. */
export interface SortedRanks {
  /** How many. */
  count: number;
  /** `at[i]`: the rank at place i. */
  at: Uint32Array<ArrayBuffer>;
}

export function createSortedRanks(): SortedRanks {
  return { count: 0, at: new Uint32Array(16) };
}

/** What ranks are sorted by; at last by themselves. */
export interface SortKeys {
  readonly mu: Float64Array;
  readonly tie: Uint32Array;
}

/**
 * The rank is new and those from there on have moved up, in the keys already. Returns its place.
 */
export function insertRank(sorted: SortedRanks, rank: number, keys: SortKeys): number {
  const n = sorted.count;
  if (n === sorted.at.length) sorted.at = larger(sorted.at);
  const { at } = sorted;
  if (rank < n) for (let i = 0; i < n; i++) if (at[i]! >= rank) at[i]!++;
  const place = placeOf(sorted, rank, keys);
  openGap(at, place, n);
  at[place] = rank;
  sorted.count++;
  return place;
}

/** The rank goes and those above will move down, in the keys later. Returns its place. */
export function removeRank(sorted: SortedRanks, rank: number, keys: SortKeys): number {
  const { at, count: n } = sorted;
  const place = placeOf(sorted, rank, keys);
  closeGap(at, place, n);
  sorted.count--;
  if (rank < n - 1) for (let i = 0; i < n - 1; i++) if (at[i]! > rank) at[i]!--;
  return place;
}

/** Where the rank is, or belongs. */
function placeOf({ at, count }: SortedRanks, rank: number, { mu, tie }: SortKeys): number {
  const value = mu[rank]!;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = at[middle]!;
    const earlier = tie[other]! - tie[rank]! || other - rank;
    if (mu[other]! < value || (mu[other] === value && earlier < 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
