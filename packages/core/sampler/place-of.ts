/** The first place whose trial does not come before: where one belongs, or is, in trials that are in order. */
export function placeOf<T>(ordered: readonly T[], comesBefore: (one: T) => boolean): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comesBefore(ordered[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
