type Column = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** Moves the elements rank … n − 1 up by one. */
export function openGap(column: Column, rank: number, n: number): void {
  if (rank < n) column.copyWithin(rank + 1, rank, n);
}

/** Moves the elements rank + 1 … n − 1 down by one. */
export function closeGap(column: Column, rank: number, n: number): void {
  if (rank < n - 1) column.copyWithin(rank, rank + 1, n);
}

/** A copy with twice the room. */
export function larger<C extends Column>(column: C): C {
  const copy = new (column.constructor as new (length: number) => C)(2 * column.length);
  copy.set(column);
  return copy;
}
