// The way through an enumeration from one combination that satisfies the constraints to the next: whole runs of others
// are skipped.

import type { SearchSpace } from '../space/search-space.ts';
import type { Enumeration } from './enumeration.ts';

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
