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
      // The oldest one's place moves to where the newest belongs.
      const oldest = latest[next];
      let place = oldest === undefined ? sorted.length : sorted.indexOf(oldest);
      latest[next] = value;
      next = (next + 1) % window;
      while (place > 0 && sorted[place - 1]! > value) {
        sorted[place] = sorted[place - 1]!;
        place -= 1;
      }
      while (place + 1 < sorted.length && sorted[place + 1]! < value) {
        sorted[place] = sorted[place + 1]!;
        place += 1;
      }
      sorted[place] = value;
    },
    get median() {
      return sorted[(sorted.length - 1) >> 1];
    },
  };
}
