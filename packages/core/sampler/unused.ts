import { assert } from '../errors/index.ts';
import type { RandomStream } from '../numerics/random-stream.ts';
import { axisOf } from '../space/axis.ts';
import { evenPoints, lawful } from '../space/lawful.ts';
import type { SearchSpace } from '../space/search-space.ts';
import { enumeration, type Enumeration } from './enumeration.ts';
import { isUsed, usedKeys, type History } from './history.ts';
import { countLawful } from './count-lawful.ts';
import { afterUnlawful } from './lawful-combinations.ts';

const draws = 64;
const steps = 65_536;

/** Knows which params of a finite space are left. */
export interface Unused {
  /** Have all lawful params been used? False also where it would take too long to know. */
  exhausted(): boolean;
  /**
   * A lawful draw (`next` gives points of the unit cube) that no trial has yet, while a finite
   * space has others. A space that is nearly used up is walked from a random place; one that is
   * used up gives a repeat, since averaging noise is the best use of a further trial.
   */
  draw(stream: RandomStream, next: () => Float64Array): Float64Array;
}

export function createUnused(history: History): Unused {
  const { space } = history;
  const finite = space.size !== Infinity;
  let all: Enumeration | undefined;
  let lawfulCount: number | undefined;

  const exhausted = (): boolean => {
    // As many trials as places are the least that can use all.
    if (!finite || history.trials.size < (lawfulCount ?? 1)) return false;
    lawfulCount ??= countLawful(space, (all ??= everything(space))) ?? Infinity;
    return usedKeys(history).size >= lawfulCount;
  };

  return {
    exhausted,
    draw(stream, next) {
      const freshOnly = finite && !exhausted();
      let repeat: Float64Array | undefined;
      for (let draw = 0; draw < draws; draw++) {
        const coordinates = lawful(space, next);
        if (coordinates === undefined) continue;
        if (!freshOnly || !isUsed(history, coordinates)) return coordinates;
        repeat = coordinates;
      }
      all ??= finite ? everything(space) : undefined;
      const walked = all && walkFrom(history, all, stream.next());
      return walked ?? repeat ?? knownPoint(space);
    },
  };
}

/**
 * The first lawful and unused params in the order of their numbers from a place in [0, 1) on, round
 * the end.
 */
function walkFrom(history: History, all: Enumeration, place: number): Float64Array | undefined {
  const start = Math.floor(place * Math.min(all.count, 2 ** 53));
  let index = start;
  for (let step = 0, walked = 0; step < steps && walked < all.count; step++) {
    const coordinates = all.at(index);
    const isLawful = history.space.satisfies(coordinates);
    if (isLawful && !isUsed(history, coordinates)) return coordinates;
    const next = isLawful ? index + 1 : afterUnlawful(history.space, all, index, coordinates);
    walked += next - index;
    index = next % all.count;
  }
  return undefined;
}

function everything(space: SearchSpace): Enumeration {
  const levels = space.parameters.map((parameter) => {
    const axis = axisOf(parameter);
    return { count: axis.cells, at: axis.atCell };
  });
  return enumeration(space, levels);
}

/**
 * Where the reader of the study found its lawful point, when the lawful set is too thin to be met
 * by chance.
 */
function knownPoint(space: SearchSpace): Float64Array {
  const next = evenPoints(space.dimensions);
  let coordinates: Float64Array | undefined;
  for (let draw = 0; draw < draws && coordinates === undefined; draw++) {
    coordinates = lawful(space, next);
  }
  assert(coordinates !== undefined, 'the space has no lawful point');
  return coordinates;
}
