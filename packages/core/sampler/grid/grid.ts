import type { SearchSpace } from '../../space/search-space.ts';
import { enumeration } from '../enumeration.ts';
import { createHistory, isUsed, observe } from '../history.ts';
import type { Sampler } from '../sampler.ts';
import { gridLevels } from './grid-levels.ts';

/**
 * Every combination of levels once, the last parameter varying fastest. The next suggestion is the
 * first lawful combination that no trial has, so a study can be resumed, and its trials can end, in
 * any order.
 */
export function createGrid(space: SearchSpace, counts: Readonly<Record<string, number>>): Sampler {
  const history = createHistory(space);
  const grid = enumeration(
    space,
    space.parameters.map((parameter) => gridLevels(parameter, counts[parameter.name])),
  );
  /**
   * Every combination below it is used or unlawful. Not knowledge of its own: only saves looking
   * again.
   */
  let first = 0;

  return {
    name: 'grid',
    observe(change) {
      if (observe(history, change).freed) first = 0;
    },
    suggest() {
      for (let index = first; index < grid.count; first = index) {
        const coordinates = grid.at(index);
        if (!space.satisfies(coordinates)) {
          index = grid.after(index, shortestUnlawful(space, coordinates));
        } else if (isUsed(history, coordinates)) {
          index++;
        } else {
          const text = `Combination ${index + 1} of ${grid.count}.`;
          const params = space.toParams(coordinates);
          return { params, sampler: 'grid', reason: { code: 'grid', text } };
        }
      }
      const text = `All ${grid.count} combinations of the grid have been used.`;
      return { exhausted: true, reason: { code: 'grid-exhausted', text } };
    },
  };
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
