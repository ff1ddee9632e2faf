import type { RandomStream } from '../numerics/random-stream.ts';
import { axisOf } from '../space/axis.ts';
import { evenPoints, lawful } from '../space/lawful.ts';
import type { SearchSpace } from '../space/search-space.ts';
import { enumeration } from './enumeration.ts';
import { isUsed, type History } from './history.ts';

const draws = 64;
const steps = 65_536;

/**
 * A lawful draw (`next` gives points of the unit cube) whose params no trial has yet, while a finite space has others.
 * A space that is nearly used up is walked from a random place; one that is used up gives a repeat, since averaging
 * noise is the best use of a further trial.
 */
export function unusedOr(
  history: History,
  stream: RandomStream,
  next: () => Float64Array,
): Float64Array {
  const { space } = history;
  let repeat: Float64Array | undefined;
  for (let draw = 0; draw < draws; draw++) {
    const coordinates = lawful(space, next);
    if (coordinates === undefined) continue;
    if (space.size === Infinity || !isUsed(history, coordinates)) return coordinates;
    repeat = coordinates;
  }
  return walkFrom(history, stream.next()) ?? repeat ?? knownPoint(space);
}

/** Where the reader of the study found its lawful point, when the lawful set is too thin to be met by chance. */
function knownPoint(space: SearchSpace): Float64Array {
  const next = evenPoints(space.dimensions);
  for (let draw = 0; draw < draws; draw++) {
    const coordinates = lawful(space, next);
    if (coordinates !== undefined) return coordinates;
  }
  throw new Error('assertion failed: the space has no lawful point');
}

/** The first lawful and unused params in the order of their numbers from a place in [0, 1) on, round the end. */
function walkFrom(history: History, place: number): Float64Array | undefined {
  const { space } = history;
  if (space.size === Infinity) return undefined;
  const all = enumeration(
    space,
    space.parameters.map((parameter) => {
      const axis = axisOf(parameter);
      return { count: axis.cells, at: axis.atCell };
    }),
  );
  const start = Math.floor(place * Math.min(all.count, 2 ** 53));
  for (let step = 0; step < Math.min(all.count, steps); step++) {
    const coordinates = all.at((start + step) % all.count);
    if (space.satisfies(coordinates) && !isUsed(history, coordinates)) return coordinates;
  }
  return undefined;
}
