// Fronts of points that come one by one, all losses minimised: a new point goes to the first front
// in which none dominates it, and those it dominates there go on to the next (Li, Deb, Zhang & Zhang:
// "Efficient nondomination level update method for steady-state evolutionary multiobjective
// optimization", IEEE Trans. Cybern. 47 (2017) 2838–2849).

import { dominates } from './dominance.ts';
import { frontsOf } from './non-dominated-sort.ts';

export interface Fronts<P> {
  add(point: P): void;
  /** One that was added; the fronts are then made anew when they are asked for. */
  remove(point: P): void;
  /** The points that none dominates, those that only they do, … */
  all(): readonly (readonly P[])[];
  readonly size: number;
}

export function createFronts<P>(lossesOf: (point: P) => readonly number[]): Fronts<P> {
  let fronts: P[][] = [];
  let gone = new Set<P>();
  let size = 0;

  const isDominated = (front: readonly P[], losses: readonly number[]): boolean =>
    front.some((other) => dominates(lossesOf(other), losses));

  /** Whoever is dominated in a front is so in each before it. */
  const frontFor = (losses: readonly number[]): number => {
    let [low, high] = [0, fronts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isDominated(fronts[middle]!, losses)) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const sortAnew = (): void => {
    if (gone.size === 0) return;
    const rest = fronts.flat().filter((point) => !gone.has(point));
    gone = new Set();
    fronts = [];
    frontsOf(rest.map(lossesOf)).forEach((front, i) => {
      while (fronts.length <= front) fronts.push([]);
      fronts[front]!.push(rest[i]!);
    });
  };

  return {
    get size() {
      return size;
    },
    add(point) {
      size++;
      // Not even one that is to go may come twice.
      sortAnew();
      let moving = [point];
      for (let at = frontFor(lossesOf(point)); moving.length > 0; at++) {
        const front = fronts[at] ?? [];
        const losses = moving.map(lossesOf);
        const isBehind = (other: P): boolean =>
          losses.some((mine) => dominates(mine, lossesOf(other)));
        fronts[at] = [...front.filter((other) => !isBehind(other)), ...moving];
        moving = front.filter(isBehind);
      }
    },
    remove(point) {
      size--;
      gone.add(point);
    },
    all() {
      sortAnew();
      return fronts;
    },
  };
}
