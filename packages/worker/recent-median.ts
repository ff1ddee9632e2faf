/** The median of the latest values. */
export interface RecentMedian {
  add(value: number): void;
  /** Undefined before the first value. */
  readonly median: number | undefined;
}

export function createRecentMedian(window: number): RecentMedian {
  const latest: number[] = [];
  let next = 0;
  let median: number | undefined;
  return {
    add(value) {
      latest[next] = value;
      next = (next + 1) % window;
      const sorted = latest.toSorted((a, b) => a - b);
      median = sorted[(sorted.length - 1) >> 1];
    },
    get median() {
      return median;
    },
  };
}
