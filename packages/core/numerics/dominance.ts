/** u is nowhere larger than v, and somewhere smaller. */
export function dominates(u: readonly number[], v: readonly number[]): boolean {
  return u.every((loss, i) => loss <= v[i]!) && u.some((loss, i) => loss < v[i]!);
}

/**
 * The places of the points that no other one dominates, ascending; of equal points all. O(points × front).
 */
export function paretoFront(points: readonly (readonly number[])[]): number[] {
  let front: number[] = [];
  points.forEach((point, index) => {
    if (front.some((other) => dominates(points[other]!, point))) return;
    front = front.filter((other) => !dominates(point, points[other]!));
    front.push(index);
  });
  return front;
}
