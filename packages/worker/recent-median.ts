/** The median of the latest values. */
export interface RecentMedian {
  add(value: number): void;
  /** Undefined before the first value. */
  readonly median: number | undefined;
}

export function createRecentMedian(window: number): RecentMedian {
  const latest: number[] = [];
  const sorted: number[] = [];
  let next = 0;
  return {
    add(value) {
      const oldest = latest[next];
      if (oldest !== undefined) sorted.splice(sorted.indexOf(oldest), 1);
      latest[next] = value;
      next = (next + 1) % window;
      let place = sorted.length;
      while (place > 0 && sorted[place - 1]! > value) place -= 1;
      sorted.splice(place, 0, value);
    },
    get median() {
      return sorted[(sorted.length - 1) >> 1];
    },
  };
}
