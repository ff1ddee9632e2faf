// Fronts of points, all losses minimised, and how crowded a point is in its front.
// Deb, Pratap, Agarwal & Meyarivan: "A fast and elitist multiobjective genetic algorithm: NSGA-II",
// IEEE Trans. Evol. Comp. 6 (2002) 182–197, section III.

import { dominates, lexical } from './dominance.ts';

type Points = readonly ArrayLike<number>[];

/**
 * The front of each point: 0 for those that none dominates, 1 for those that only front 0 does, …
 * Points are taken in the order of their losses, so that each can only be dominated by one before
 * it, and its front is found by bisection (ENS-BS: Zhang, Tian, Cheng & Jin, IEEE Trans. Evol. Comp.
 * 19 (2015) 201–213). M losses: O(M n²) at worst, O(M n log n) with few points in a front.
 */
export function frontsOf(points: Points): Int32Array {
  const order = Array.from(points.keys()).sort((a, b) => lexical(points[a]!, points[b]!) || a - b);
  const fronts: number[][] = [];
  const rank = new Int32Array(points.length);
  for (const i of order) {
    let low = 0;
    let high = fronts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isDominatedIn(points, fronts[middle]!, i)) low = middle + 1;
      else high = middle;
    }
    rank[i] = low;
    if (low === fronts.length) fronts.push([i]);
    else fronts[low]!.push(i);
  }
  return rank;
}

/** The last of a front is the nearest in order, and dominates most often. */
function isDominatedIn(points: Points, front: readonly number[], i: number): boolean {
  for (let k = front.length - 1; k >= 0; k--) {
    if (dominates(points[front[k]!]!, points[i]!)) return true;
  }
  return false;
}

/** The points in the order of each loss. */
export function lossOrders(points: Points): number[][] {
  const objectives = points[0]?.length ?? 0;
  return Array.from({ length: objectives }, (_, m) => {
    return Array.from(points.keys()).sort((a, b) => {
      const [one, other] = [points[a]![m]!, points[b]![m]!];
      return one < other ? -1 : one > other ? 1 : a - b;
    });
  });
}

/**
 * How far apart the neighbours of each point of one front are, summed over the losses as shares of
 * their ranges; Infinity at the ends of a range. Of the points in `orders`; the others are not there.
 */
export function crowdingDistances(
  points: Points,
  orders: readonly (readonly number[])[] = lossOrders(points),
): Float64Array {
  const distances = new Float64Array(points.length);
  orders.forEach((order, m) => {
    const n = order.length;
    if (n === 0) return;
    const loss = (i: number): number => points[i]![m]!;
    const low = loss(order[0]!);
    const high = loss(order[n - 1]!);
    distances[order[0]!] = distances[order[n - 1]!] = Infinity;
    if (low === high) return;
    for (let k = 1; k < n - 1; k++) {
      distances[order[k]!]! += share(loss(order[k - 1]!), loss(order[k + 1]!), high - low);
    }
  });
  return distances;
}

/** Beside an infinite range finite gaps are nothing, and infinite ones all of it. */
function share(from: number, to: number, range: number): number {
  if (from === to) return 0;
  return range < Infinity ? (to - from) / range : Number(to - from === Infinity);
}
