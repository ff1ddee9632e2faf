// Who of the last front stays when crowding says nothing: those nearest to directions that nobody
// else is near to.
// Deb & Jain: NSGA-III, IEEE Trans. Evol. Comp. 18 (2014) 577–601; directions by Das & Dennis,
// SIAM J. Optim. 8 (1998) 631–657.
//
//   symbol      meaning
//   direction   from the best of each loss into the losses, its parts sum to 1
//   niche       the members that are nearest to a direction

import type { Individual } from './population.ts';

/** From so many losses on nearly all trials are on one front. */
export const MANY = 4;

/** As many evenly spread directions as a population has room for, at least one for each loss. */
export function directionsFor(objectives: number, size: number): Float64Array[] {
  let parts = 1;
  while (count(objectives, parts + 1) <= size) parts += 1;
  const directions: Float64Array[] = [];
  const spread = (left: number, before: readonly number[]): void => {
    if (before.length === objectives - 1) {
      directions.push(Float64Array.from([...before, left], (part) => part / parts));
      return;
    }
    for (let part = 0; part <= left; part++) spread(left - part, [...before, part]);
  };
  spread(parts, []);
  return directions;
}

/** Ways to share `parts` among the losses. */
function count(objectives: number, parts: number): number {
  let ways = 1;
  for (let k = 1; k < objectives; k++) ways = (ways * (parts + k)) / k;
  return Math.round(ways);
}

/**
 * Of `last` as many as there is room for beside `kept`, and the crowding of all who stay: less in
 * fuller niches.
 */
export function nicheSurvivors(
  kept: readonly Individual[],
  last: readonly Individual[],
  room: number,
  directions: readonly Float64Array[],
): Individual[] {
  const places = placesOf([...kept, ...last], directions);
  const niches = new Int32Array(directions.length);
  for (const one of kept) niches[places.get(one)!.niche]! += 1;
  const chosen: Individual[] = [];
  let waiting = [...last].sort((a, b) => places.get(a)!.distance - places.get(b)!.distance);
  while (chosen.length < room) {
    // The nearest of the emptiest niche: the order of `waiting` decides among equals.
    const next = waiting.reduce((best, one) => {
      return niches[places.get(one)!.niche]! < niches[places.get(best)!.niche]! ? one : best;
    });
    waiting = waiting.filter((one) => one !== next);
    niches[places.get(next)!.niche]! += 1;
    chosen.push(next);
  }
  for (const one of [...kept, ...chosen]) one.crowding = -niches[places.get(one)!.niche]!;
  return chosen;
}

interface Place {
  niche: number;
  /** From the line of the direction. */
  distance: number;
}

/** Losses as shares of their ranges among all; infinite ones are at the end. */
function placesOf(
  all: readonly Individual[],
  directions: readonly Float64Array[],
): Map<Individual, Place> {
  const objectives = directions[0]!.length;
  const shares = all.map(() => new Float64Array(objectives));
  for (let m = 0; m < objectives; m++) {
    const finite = all.map(({ losses }) => losses[m]!).filter(Number.isFinite);
    const low = finite.reduce((min, loss) => Math.min(min, loss), Infinity);
    const high = finite.reduce((max, loss) => Math.max(max, loss), -Infinity);
    all.forEach(({ losses }, i) => {
      const share = high > low ? (losses[m]! - low) / (high - low) : 0;
      shares[i]![m] = Number.isNaN(share) ? 0 : Math.min(1, Math.max(0, share));
    });
  }
  return new Map(all.map((one, i) => [one, nearest(shares[i]!, directions)]));
}

function nearest(point: Float64Array, directions: readonly Float64Array[]): Place {
  const squares = dot(point, point);
  let best: Place = { niche: 0, distance: Infinity };
  directions.forEach((direction, niche) => {
    const along = dot(point, direction);
    const distance = squares - (along * along) / dot(direction, direction);
    if (distance < best.distance) best = { niche, distance };
  });
  return best;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let m = 0; m < a.length; m++) sum += a[m]! * b[m]!;
  return sum;
}
