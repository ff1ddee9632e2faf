// All params of a finite set of levels per parameter, by number: nothing is stored but counts of
// remainders.
//
//   symbol    meaning
//   level     one of the coordinates that a parameter may take here, ascending
//   run       neighbouring levels of a parent that every condition treats alike
//   rest(i)   number of ways to fill parameters i … given the runs of the parents that are still asked for
// The last parameter varies fastest, as the digits of a number do; an inactive parameter has one
// (empty) digit.

import { conditionsOf, type Condition } from '../space/condition.ts';
import type { SearchSpace } from '../space/search-space.ts';

export interface Levels {
  readonly count: number;
  at(k: number): number;
}

export interface Enumeration {
  /** Of each parameter. */
  readonly levels: readonly Levels[];
  readonly runs: readonly (readonly Run[])[];
  /** Conditions respected, constraints not. Exact up to 2^53; Infinity beyond the largest double. */
  readonly count: number;
  /** Exact below 2^53, however many there are. */
  at(index: number): Float64Array;
  /** The first index after `index` that differs from it in one of the parameters 0 … i. */
  after(index: number, i: number): number;
}

export interface Run {
  /** Of levels, the first one. */
  start: number;
  count: number;
  /** The coordinate of the first one. */
  at: number;
}

export function enumeration(space: SearchSpace, levels: readonly Levels[]): Enumeration {
  const dimensions = space.dimensions;
  const conditions = space.parameters.map(({ when }) =>
    conditionsOf(when, space.parameters, (name) => space.index(name)),
  );
  const runs = levels.map((own, parent) => runsOf(own, asking(conditions, parent)));
  const live = levels.map((_, i) => liveParents(conditions, i));
  const seen = new Map<string, number>();

  /** `chosen[j]`: the coordinate of parameter j, or of the first level of its run. */
  const rest = (i: number, chosen: Float64Array): number => {
    if (i === dimensions) return 1;
    const key = `${i}:${live[i]!.map((parent) => chosen[parent]).join()}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    let total = 0;
    for (const run of space.active(i, chosen) ? runs[i]! : [inactive]) {
      chosen[i] = run.at;
      total += run.count * rest(i + 1, chosen);
    }
    seen.set(key, total);
    return total;
  };

  /**
   * Calls `digit` with the level chosen for each parameter and what is left of the index below it.
   */
  const walk = (
    index: number,
    digit: (i: number, at: number, left: number, of: number) => void,
  ) => {
    const chosen = new Float64Array(dimensions);
    let left = index;
    for (let i = 0; i < dimensions; i++) {
      for (const run of space.active(i, chosen) ? runs[i]! : [inactive]) {
        chosen[i] = run.at;
        const below = rest(i + 1, chosen);
        if (left < run.count * below) {
          const k = Math.floor(left / below);
          // There may be infinitely many below the first.
          if (k > 0) left -= k * below;
          digit(i, run === inactive ? NaN : levels[i]!.at(run.start + k), left, below);
          break;
        }
        left -= run.count * below;
      }
    }
  };

  return {
    levels,
    runs,
    count: rest(0, new Float64Array(dimensions)),
    at(index) {
      const coordinates = new Float64Array(dimensions);
      walk(index, (i, at) => (coordinates[i] = at));
      return coordinates;
    },
    after(index, last) {
      let next = index + 1;
      walk(index, (i, _, left, of) => {
        if (i === last) next = index - left + of;
      });
      return next;
    },
  };
}

const inactive: Run = { start: 0, count: 1, at: NaN };

function asking(conditions: readonly (readonly Condition[])[], parent: number): Condition[] {
  return conditions.flat().filter((condition) => condition.parent === parent);
}

/** Parents before i that parameter i or a later one asks for. */
function liveParents(conditions: readonly (readonly Condition[])[], i: number): number[] {
  const asked = conditions.slice(i).flatMap((list) => list.map(({ parent }) => parent));
  return [...new Set(asked)].filter((parent) => parent < i);
}

function runsOf(levels: Levels, asked: readonly Condition[]): Run[] {
  const cuts = new Set([0]);
  for (const [low, high] of asked.flatMap(({ ranges }) => ranges)) {
    cuts.add(firstLevel(levels, (at) => at >= low));
    cuts.add(firstLevel(levels, (at) => at > high));
  }
  const starts = [...cuts].filter((k) => k < levels.count).sort((a, b) => a - b);
  return starts.map((start, j) => ({
    start,
    count: (starts[j + 1] ?? levels.count) - start,
    at: levels.at(start),
  }));
}

/** The first level from which on the test holds; `count` when it never does. */
function firstLevel(levels: Levels, holds: (at: number) => boolean): number {
  let low = 0;
  let high = levels.count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(levels.at(middle))) high = middle;
    else low = middle + 1;
  }
  return low;
}
