// Which points to keep of many, so that those kept dominate much: greedily, each next one is that
// which adds most to the volume. At least 1 − 1/e of the best subset's volume, since what a point
// adds only falls while others come (Guerreiro, Fonseca & Paquete: "Greedy hypervolume subset
// selection in low dimensions", Evol. Comp. 24 (2016) 521–544; ties and duplicates after Optuna
// 5.0.0, `_solve_hssp`).
//
//   symbol   meaning
//   n, M, k  points, losses of each, points to choose
//   r        reference point
//   w_i      widths of the box of point i, r − p_i, each scaled by a power of two to at most 1
//   S        chosen so far
//   a_i      what point i adds to the volume of S, or a bound on it from above
// A bound stays one while S grows; so does |box i| − |box i ∩ box s| for any s of S.

import { lexical } from './dominance.ts';
import { hypervolume } from './hypervolume.ts';
import { sampledSubset } from './sampled-subset.ts';
import { boxesOf, volumeOf, type Boxes } from './widths.ts';

type Point = readonly number[];

/**
 * Places of `size` of the points, none of which dominates another, in the order in which they were
 * chosen; all losses minimised. Of points that add equally much it is the first by its losses, of
 * equal points the first; their duplicates come last. Two losses: exact, O(n k). More: exact up to a
 * bound on n · k, beyond it by estimated volumes, in time that grows little with n and not with M.
 */
export function hypervolumeSubset(
  points: readonly Point[],
  size: number,
  reference: Point,
): number[] {
  if (size <= 0 || points.length === 0) return [];
  const { firsts, duplicates } = distinct(points);
  const boxes = boxesOf(
    firsts.map((i) => points[i]!),
    reference,
  );
  const chosen = choose(boxes, Math.min(size, firsts.length));
  return [...chosen.map((i) => firsts[i]!), ...duplicates].slice(0, size);
}

/** n · k from where on the exact choice among points of that many losses takes too long. */
const DEAR = [0, Infinity, Infinity, 2048, 1024];
const DEAR_BEYOND = 128;

function choose(boxes: Boxes, size: number): number[] {
  if (boxes.count === 1) return [0];
  if (boxes.losses === 2) return byStrips(boxes, size);
  const exact = boxes.count * size <= (DEAR[boxes.losses] ?? DEAR_BEYOND);
  return exact ? byBounds(boxes, size) : sampledSubset(boxes, size);
}

/** The first of each by the losses, and all others as they come. */
function distinct(points: readonly Point[]): { firsts: number[]; duplicates: number[] } {
  const order = Array.from(points.keys()).sort((a, b) => lexical(points[a]!, points[b]!) || a - b);
  const firsts: number[] = [];
  const duplicates: number[] = [];
  order.forEach((i, at) => {
    const same = at > 0 && lexical(points[order[at - 1]!]!, points[i]!) === 0;
    (same ? duplicates : firsts).push(i);
  });
  return { firsts, duplicates: duplicates.sort((a, b) => a - b) };
}

/**
 * Two losses, ordered by the first: a chosen point takes from the boxes before it what is right of it,
 * and from those after it what is above.
 */
function byStrips({ count, widths }: Boxes, size: number): number[] {
  const cutRight = new Float64Array(count);
  const cutTop = new Float64Array(count);
  const open = Int32Array.from({ length: count }, (_, i) => i);
  const chosen: number[] = [];
  while (chosen.length < size) {
    const left = count - chosen.length;
    let [at, most] = [0, -1];
    for (let place = 0; place < left; place++) {
      const i = open[place]!;
      const added = (widths[2 * i]! - cutRight[i]!) * (widths[2 * i + 1]! - cutTop[i]!);
      if (added > most) [at, most] = [place, added];
    }
    const next = open[at]!;
    open.copyWithin(at, at + 1);
    chosen.push(next);
    for (let place = 0; place < left - 1; place++) {
      const i = open[place]!;
      if (i < next) cutRight[i] = Math.max(cutRight[i]!, widths[2 * next]!);
      else cutTop[i] = Math.max(cutTop[i]!, widths[2 * next + 1]!);
    }
  }
  return chosen;
}

/** Any number of losses: only those are computed anew whose bound is the highest. */
function byBounds(boxes: Boxes, size: number): number[] {
  const { count, losses, widths } = boxes;
  const whole = Float64Array.from({ length: count }, (_, i) => volumeOf(boxes, i));
  const bounds = whole.slice();
  const computedFor = new Int32Array(count);
  const chosen: number[] = [];
  const zero = new Array<number>(losses).fill(0);
  const added = (i: number): number => {
    const shared = chosen.map((s) => {
      return zero.map((_, m) => -Math.min(widths[s * losses + m]!, widths[i * losses + m]!));
    });
    return Math.max(0, whole[i]! - hypervolume(shared, zero));
  };
  while (chosen.length < size) {
    let top = highest(bounds);
    while (computedFor[top] !== chosen.length) {
      bounds[top] = Math.min(bounds[top]!, added(top));
      computedFor[top] = chosen.length;
      top = highest(bounds);
    }
    chosen.push(top);
    bounds[top] = -1;
    for (let i = 0; i < count; i++) {
      if (bounds[i]! <= 0) continue;
      let common = 1;
      for (let m = 0; m < losses; m++) {
        common *= Math.min(widths[top * losses + m]!, widths[i * losses + m]!);
      }
      bounds[i] = Math.min(bounds[i]!, whole[i]! - common);
    }
  }
  return chosen;
}

/** The first of equals. */
function highest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
