// The volume that points dominate up to a reference point, all losses minimised.
//
//   symbol    meaning
//   r         reference point; a point that is not below it in every loss dominates nothing
//   box       of a point p: all between p and r
// Two losses: a sweep. Three: a sweep over the third along the staircase of the first two (Fonseca,
// Paquete & López-Ibáñez, CEC 2006). More: WFG (While, Bradstreet & Barone, IEEE Trans. Evol. Comp.
// 16 (2012) 86–95), exponential in the number of losses.

import { paretoFront } from './dominance.ts';

type Point = readonly number[];

export function hypervolume(points: readonly Point[], reference: Point): number {
  const inside = points.filter((p) => p.every((loss, m) => loss < reference[m]!));
  if (inside.length === 0) return 0;
  // From here on no difference is ∞ − ∞, and no product ∞ · 0.
  if (inside.some((p) => isEndless(p, reference))) return Infinity;
  if (reference.length === 1) return reference[0]! - Math.min(...inside.map(([loss]) => loss!));
  if (reference.length === 2) return area(inside, reference);
  if (reference.length === 3) return volume(inside, reference);
  return wfg(inside, reference);
}

/** Also of one that is too large for a number, like 1e200 × 1e200. */
function isEndless(p: Point, reference: Point): boolean {
  return p.some((loss, m) => reference[m]! - loss === Infinity) || boxOf(p, reference) === Infinity;
}

function boxOf(p: Point, reference: Point): number {
  return p.reduce((product, loss, m) => product * (reference[m]! - loss), 1);
}

function area(points: readonly Point[], reference: Point): number {
  const [right, top] = [reference[0]!, reference[1]!];
  let sum = 0;
  let ceiling = top;
  for (const p of [...points].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!)) {
    if (p[1]! >= ceiling) continue;
    sum += (right - p[0]!) * (ceiling - p[1]!);
    ceiling = p[1]!;
  }
  return sum;
}

function volume(points: readonly Point[], reference: Point): number {
  /** The staircase: first losses ascending, second ones descending. */
  const stairs: Point[] = [];
  let sum = 0;
  let under = 0;
  let height = 0;
  for (const p of [...points].sort((a, b) => a[2]! - b[2]!)) {
    if (under > 0 && p[2]! > height) sum += under * (p[2]! - height);
    height = p[2]!;
    const from = stairs.findIndex((q) => q[0]! > p[0]! || (q[0] === p[0] && q[1]! > p[1]!));
    const at = from < 0 ? stairs.length : from;
    if (at > 0 && stairs[at - 1]![1]! <= p[1]!) continue;
    let to = at;
    while (to < stairs.length && stairs[to]![1]! >= p[1]!) to++;
    stairs.splice(at, to - at, p);
    under = area(stairs, reference);
  }
  return sum + under * (reference[2]! - height);
}

/** Σ of what each point adds to those after it: its box without what they dominate of it. */
function wfg(points: readonly Point[], reference: Point): number {
  // The worst in the last loss first: those after it then leave more of its limited points equal.
  const front = paretoFront(points)
    .map((i) => points[i]!)
    .sort((a, b) => b.at(-1)! - a.at(-1)!);
  let sum = 0;
  front.forEach((p, i) => {
    const box = boxOf(p, reference);
    const limited = front.slice(i + 1).map((q) => q.map((loss, m) => Math.max(loss, p[m]!)));
    sum += box - (limited.length === 0 ? 0 : wfg(limited, reference));
  });
  return sum;
}
