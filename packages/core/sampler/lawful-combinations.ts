// The combinations of an enumeration that satisfy the constraints: whole runs of others are skipped.

import type { SearchSpace } from '../space/search-space.ts';
import type { Enumeration } from './enumeration.ts';

/** How many places are looked at before counting is given up. */
const countable = 16_384;

/** How many there are; undefined where it would take too long to know. */
export function countLawful(space: SearchSpace, all: Enumeration): number | undefined {
  if (space.constraints.length === 0) return all.count;
  let count = 0;
  let index = 0;
  for (let looked = 0; index < all.count; looked++) {
    if (looked === countable) return undefined;
    const coordinates = all.at(index);
    const isLawful = space.satisfies(coordinates);
    if (isLawful) count++;
    index = isLawful ? index + 1 : afterUnlawful(space, all, index, coordinates);
  }
  return count;
}

/**
 * The first index after the unlawful `coordinates` at `index` that does not break the same
 * constraint by the same first parameters.
 */
export function afterUnlawful(
  space: SearchSpace,
  all: Enumeration,
  index: number,
  coordinates: Float64Array,
): number {
  return all.after(index, shortestUnlawful(space, coordinates));
}

/**
 * The first i such that parameters 0 … i alone already break a constraint: every combination that
 * begins so can be skipped. A parameter without a value counts as inactive, and a constraint that
 * names one holds.
 */
function shortestUnlawful(space: SearchSpace, coordinates: Float64Array): number {
  const prefix = new Float64Array(space.dimensions).fill(NaN);
  for (let i = 0; i < space.dimensions; i++) {
    prefix[i] = coordinates[i]!;
    if (!space.satisfies(prefix)) return i;
  }
  return space.dimensions - 1;
}
