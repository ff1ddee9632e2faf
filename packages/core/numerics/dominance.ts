/** u is nowhere larger than v, and somewhere smaller. */
export function dominates(u: ArrayLike<number>, v: ArrayLike<number>): boolean {
  let smaller = false;
  for (let m = 0; m < u.length; m++) {
    if (u[m]! > v[m]!) return false;
    smaller ||= u[m]! < v[m]!;
  }
  return smaller;
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

/** By the first loss in which they differ: negative when u is first. */
export function lexical(u: ArrayLike<number>, v: ArrayLike<number>): number {
  for (let m = 0; m < u.length; m++) {
    if (u[m]! < v[m]!) return -1;
    if (u[m]! > v[m]!) return 1;
  }
  return 0;
}
