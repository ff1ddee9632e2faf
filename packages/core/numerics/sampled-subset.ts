// Greedy subset selection by volumes that are estimated from points drawn in the boxes (importance
// sampling with the balance heuristic: Veach & Guibas, SIGGRAPH 1995, eq. 8; of a union of boxes as
// Karp & Luby, FOCS 1983, do it).
//
//   symbol   meaning
//   n, N     boxes; points, which are drawn from one box after the other
//   w_im     width of box i in loss m; each box has a corner at 0
//   x_jm     coordinate of point j: w_im u^(1/3), u uniform: near the far corner, where boxes that
//            overlap elsewhere differ
//   q_j      Σ_i Π_m (x_jm/w_im)²/w_im over the boxes that hold point j: how often it is drawn
//   a_i      Σ_j 1/q_j over points in box i that no chosen box holds: what it adds

import { randomStream } from './random-stream.ts';
import { volumeOf, type Boxes } from './widths.ts';

/** Pairs of a point and a box that are looked at. */
const PAIRS = 2 ** 17;
const [FEWEST, MOST] = [128, 1024];

/** Which boxes hold a point, and what it stands for. */
interface Drawn {
  readonly holders: Int32Array;
  readonly weight: number;
}

/**
 * The boxes in the order in which they are chosen. Once those chosen hold every point, all points
 * count anew for those that are left.
 */
export function sampledSubset(boxes: Boxes, size: number): number[] {
  const { count } = boxes;
  const points = draw(boxes);
  const inside = Array.from({ length: count }, (): number[] => []);
  points.forEach(({ holders }, j) => holders.forEach((i) => inside[i]!.push(j)));
  const isOpen = new Uint8Array(count).fill(1);
  const isCovered = new Uint8Array(points.length);
  const added = new Float64Array(count);
  const start = (): void => {
    isCovered.fill(0);
    added.fill(0);
    for (const { holders, weight } of points) for (const i of holders) added[i]! += weight;
  };
  start();
  const total = added.reduce((sum, one) => sum + one, 0);
  // What is left of a sum by rounding is nothing.
  const nothing = total * 1e-12;
  const chosen: number[] = [];
  while (chosen.length < size) {
    let next = highestOpen(added, isOpen);
    if (added[next]! <= nothing && isCovered.includes(1)) {
      start();
      next = highestOpen(added, isOpen);
    }
    chosen.push(next);
    isOpen[next] = 0;
    for (const j of inside[next]!) {
      if (isCovered[j] === 1) continue;
      isCovered[j] = 1;
      const { holders, weight } = points[j]!;
      for (const i of holders) added[i]! -= weight;
    }
  }
  return chosen;
}

/** The first of equals. */
function highestOpen(added: Float64Array, isOpen: Uint8Array): number {
  let best = -1;
  for (let i = 0; i < added.length; i++) {
    if (isOpen[i] === 1 && (best < 0 || added[i]! > added[best]!)) best = i;
  }
  return best;
}

/** The same points every time. */
function draw(boxes: Boxes): Drawn[] {
  const { count, losses, widths } = boxes;
  const stream = randomStream(0, 0, 'boxes');
  const volumes = Float64Array.from({ length: count }, (_, i) => volumeOf(boxes, i));
  const solid = Array.from(volumes.keys()).filter((i) => volumes[i]! > 1e-300);
  if (solid.length === 0) return [];
  const many = Math.min(MOST, Math.max(FEWEST, Math.floor(PAIRS / count)));
  const x = new Float64Array(losses);
  const held = new Int32Array(count);
  return Array.from({ length: many }, (_, j) => {
    const source = solid[Math.floor(((j + 0.5) / many) * solid.length)]!;
    // Never 0, and never beyond the box by rounding.
    for (let m = 0; m < losses; m++) {
      const u = Math.cbrt(stream.next() + 2 ** -54);
      x[m] = Math.min(1, u) * widths[source * losses + m]!;
    }
    let [found, q] = [0, 0];
    for (let i = 0; i < count; i++) {
      const from = i * losses;
      let m = 0;
      while (m < losses && widths[from + m]! >= x[m]!) m++;
      if (m < losses) continue;
      held[found++] = i;
      let share = 1;
      for (m = 0; m < losses; m++) share *= x[m]! / widths[from + m]!;
      q += (share * share) / volumes[i]!;
    }
    return { holders: held.slice(0, found), weight: 1 / q };
  });
}
