import type { SearchSpace } from '../../space/search-space.ts';
import { enumeration, type Enumeration } from '../enumeration.ts';
import { createHistory, isUsed, observe } from '../history.ts';
import { countLawful } from '../count-lawful.ts';
import { afterUnlawful } from '../lawful-combinations.ts';
import type { Sampler } from '../sampler.ts';
import { gridLevels } from './grid-levels.ts';

/**
 * Every combination of levels once, the last parameter varying fastest. The next suggestion is the
 * first lawful combination that no trial has, so a study can be resumed, and its trials can end, in
 * any order.
 */
export function createGrid(space: SearchSpace, counts: Readonly<Record<string, number>>): Sampler {
  const history = createHistory(space);
  const grid = gridOf(space, counts);
  /**
   * Every combination below it is used or unlawful. Not knowledge of its own: only saves looking
   * again.
   */
  let first = 0;
  /** Beyond it numbers of combinations are not exact. */
  const end = Math.min(grid.count, Number.MAX_SAFE_INTEGER);

  return {
    name: 'grid',
    observe(change) {
      if (observe(history, change).freed) first = 0;
    },
    suggest() {
      for (let index = first; index < end; first = index) {
        const coordinates = grid.at(index);
        if (!space.satisfies(coordinates)) {
          index = afterUnlawful(space, grid, index, coordinates);
        } else if (isUsed(history, coordinates)) {
          index++;
        } else {
          const text = `Combination ${index + 1} of ${grid.count}.`;
          const params = space.toParams(coordinates);
          return { params, sampler: 'grid', reason: { code: 'grid', text } };
        }
      }
      const count = countLawful(space, grid) ?? 'lawful';
      const text =
        grid.count > end
          ? 'The grid is too large to find what satisfies its constraints: use fewer counts.'
          : `All ${count} combinations of the grid have been used.`;
      return { exhausted: true, reason: { code: 'grid-exhausted', text } };
    },
  };
}

/** Its combinations, those that break a constraint too. */
export function gridOf(space: SearchSpace, counts: Readonly<Record<string, number>>): Enumeration {
  return enumeration(
    space,
    space.parameters.map((parameter) => gridLevels(parameter, counts[parameter.name])),
  );
}
