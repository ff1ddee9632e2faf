type Column =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** Moves the elements rank … n − 1 up by one. */
export function openGap(column: Column, rank: number, n: number): void {
  if (rank < n) column.copyWithin(rank + 1, rank, n);
}

/** Moves the elements rank + 1 … n − 1 down by one. */
export function closeGap(column: Column, rank: number, n: number): void {
  if (rank < n - 1) column.copyWithin(rank, rank + 1, n);
}

/** A copy with more room: twice as much, but a large one has little to spare. */
export function larger<C extends Column>(column: C): C {
  const { length } = column;
  const room = length + Math.max(16, length < 1024 ? length : length >> 3);
  const copy = new (column.constructor as new (length: number) => C)(room);
  copy.set(column);
  return copy;
}
