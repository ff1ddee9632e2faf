import type { SearchSpace } from '../../space/search-space.ts';
import { countLawful } from '../count-lawful.ts';
import { gridOf } from './grid.ts';

/**
 * How many combinations satisfy the constraints; undefined where it would take too long to know.
 */
export function gridSize(
  space: SearchSpace,
  counts: Readonly<Record<string, number>>,
): number | undefined {
  return countLawful(space, gridOf(space, counts));
}
