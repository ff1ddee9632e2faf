import { closeGap, larger, openGap } from './column.ts';

/** Ranks 0 … n − 1 in ascending order of their values, equal values in the order of ranks. */
export interface SortedRanks {
  /** How many. */
  count: number;
  /** `at[i]`: the rank at place i. */
  at: Uint32Array<ArrayBuffer>;
}

export function createSortedRanks(): SortedRanks {
  return { count: 0, at: new Uint32Array(16) };
}

/**
 * The rank is new and those from there on have moved up, in `values` already. Returns its place.
 */
export function insertRank(sorted: SortedRanks, rank: number, values: Float64Array): number {
  const n = sorted.count;
  if (n === sorted.at.length) sorted.at = larger(sorted.at);
  const { at } = sorted;
  if (rank < n) for (let i = 0; i < n; i++) if (at[i]! >= rank) at[i]!++;
  const place = placeOf(sorted, rank, values);
  openGap(at, place, n);
  at[place] = rank;
  sorted.count++;
  return place;
}

/** The rank goes and those above will move down, in `values` later. Returns its place. */
export function removeRank(sorted: SortedRanks, rank: number, values: Float64Array): number {
  const { at, count: n } = sorted;
  const place = placeOf(sorted, rank, values);
  closeGap(at, place, n);
  sorted.count--;
  if (rank < n - 1) for (let i = 0; i < n - 1; i++) if (at[i]! > rank) at[i]!--;
  return place;
}

/** Where the rank is, or belongs. */
function placeOf({ at, count }: SortedRanks, rank: number, values: Float64Array): number {
  const value = values[rank]!;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = at[middle]!;
    const before = values[other]! < value || (values[other] === value && other < rank);
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}
