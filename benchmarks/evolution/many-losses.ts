// DTLZ2 with any number of losses (Deb, Thiele, Laumanns & Zitzler: CEC 2002), and how much of the box below 1.1 a set of
// them dominates: counted at points of a Halton sequence, since the exact volume of thousands in eight dimensions takes
// hours. The peer's script counts at the same points.

const POINTS = 20_000;
const EDGE = 1.1;
const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19];

/** So many parameters lead to the front; the others spread it. */
const LEADING = 10;

export function dimensionsOf(objectives: number): number {
  return objectives - 1 + LEADING;
}

export function dtlz2(x: readonly number[], objectives: number): number[] {
  const angles = x.slice(0, objectives - 1).map((share) => (share * Math.PI) / 2);
  const g = x.slice(objectives - 1).reduce((sum, one) => sum + (one - 0.5) ** 2, 1);
  return Array.from({ length: objectives }, (_, m) => {
    const cosines = angles.slice(0, objectives - 1 - m).reduce((all, a) => all * Math.cos(a), g);
    return m === 0 ? cosines : cosines * Math.sin(angles[objectives - 1 - m]!);
  });
}

/** Takes losses one by one; answers the share of the box that all so far dominate. */
export function dominatedShare(objectives: number): (losses: readonly number[]) => number {
  const bases = PRIMES.slice(0, objectives);
  let open = Array.from({ length: POINTS }, (_, i) =>
    bases.map((base) => EDGE * radicalInverse(i + 1, base)),
  );
  return (losses) => {
    if (losses.every((loss) => loss < EDGE)) {
      open = open.filter((point) => losses.some((loss, m) => loss > point[m]!));
    }
    return 1 - open.length / POINTS;
  };
}

/** The digits of `i` mirrored at the point. */
function radicalInverse(i: number, base: number): number {
  let [value, share] = [0, 1];
  for (let left = i; left > 0; left = Math.floor(left / base)) {
    share /= base;
    value += share * (left % base);
  }
  return value;
}
