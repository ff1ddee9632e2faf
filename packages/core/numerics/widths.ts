// The boxes between points and a reference point, as subset selection compares them.

type Point = readonly number[];

export interface Boxes {
  readonly count: number;
  readonly losses: number;
  /** Of box i in loss m at `i * losses + m`: 0 to 1. */
  readonly widths: Float64Array;
}

/**
 * Loss by loss the widths are scaled by a power of two, which changes no comparison of volumes and
 * rounds nothing, so that products neither overflow nor vanish. An infinite loss stands as far
 * beyond the finite ones as those are wide.
 */
export function boxesOf(points: readonly Point[], reference: Point): Boxes {
  const [count, losses] = [points.length, reference.length];
  const widths = new Float64Array(count * losses);
  for (let m = 0; m < losses; m++) {
    const column = finite(points.map((p) => p[m]!));
    const end = Math.min(reference[m]!, Number.MAX_VALUE);
    // Halves, since a difference may be twice the largest number.
    const halves = column.map((loss) => Math.max(0, end / 2 - loss / 2));
    const largest = halves.reduce((max, half) => Math.max(max, half), 0);
    const scale = largest > 0 ? 2 ** Math.max(-1021, Math.ceil(Math.log2(largest))) : 1;
    halves.forEach((half, i) => (widths[i * losses + m] = half / scale));
  }
  return { count, losses, widths };
}

export function volumeOf({ losses, widths }: Boxes, i: number): number {
  let volume = 1;
  for (let m = 0; m < losses; m++) volume *= widths[i * losses + m]!;
  return volume;
}

function finite(column: readonly number[]): number[] {
  const known = column.filter(Number.isFinite);
  if (known.length === column.length) return [...column];
  const low = known.length > 0 ? Math.min(...known) : 0;
  const high = known.length > 0 ? Math.max(...known) : 0;
  const range = Math.min(high / 2 - low / 2, Number.MAX_VALUE / 2) * 2 || 1;
  const clamp = (loss: number): number =>
    Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, loss));
  return column.map((loss) => {
    if (Number.isFinite(loss)) return loss;
    return clamp(loss < 0 ? low - range : high + range);
  });
}
