/** How many slots were busy, over time: the mean of each of at most `most` stretches of equal length. */
export interface BusyCurve {
  change(nowMs: number, by: number): void;
  /** The curve from 0 to `endMs`. */
  read(endMs: number): { stretchMs: number; busy: number[] };
}

export function busyCurve(most = 512): BusyCurve {
  let stretchMs = 1_000;
  /** Slot-milliseconds of each stretch. */
  let sums: number[] = [];
  let level = 0;
  let fromMs = 0;

  function fill(untilMs: number): void {
    while (untilMs > stretchMs * most) halve();
    while (fromMs < untilMs) {
      const index = Math.floor(fromMs / stretchMs);
      const endMs = Math.min(untilMs, (index + 1) * stretchMs);
      sums[index] = (sums[index] ?? 0) + level * (endMs - fromMs);
      fromMs = endMs;
    }
  }

  /** Two stretches become one. */
  function halve(): void {
    stretchMs *= 2;
    sums = Array.from(
      { length: Math.ceil(sums.length / 2) },
      (_, i) => (sums[2 * i] ?? 0) + (sums[2 * i + 1] ?? 0),
    );
  }

  return {
    change(nowMs, by) {
      fill(nowMs);
      level += by;
    },
    read(endMs) {
      fill(endMs);
      return {
        stretchMs,
        busy: sums.map((sum, i) => sum / Math.min(stretchMs, endMs - i * stretchMs)),
      };
    },
  };
}
