/** Losses in ascending order: O(log n) search, one memmove per insertion. */
export interface SortedLosses {
  readonly size: number;
  /** How many are strictly below `loss`. */
  below(loss: number): number;
  add(loss: number): void;
}

export function sortedLosses(): SortedLosses {
  let values = new Float64Array(16);
  let size = 0;

  function below(loss: number): number {
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[middle]! < loss) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    get size() {
      return size;
    },
    below,
    add(loss) {
      if (size === values.length) {
        const grown = new Float64Array(size * 2);
        grown.set(values);
        values = grown;
      }
      const at = below(loss);
      values.copyWithin(at + 1, at, size);
      values[at] = loss;
      size += 1;
    },
  };
}
