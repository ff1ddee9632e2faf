// Squared distances of all pairs of points.
//
//   symbol   meaning                                                            shape
//   x        points, one after the other                                        n × dimensions
//   packed   ‖x_i − x_j‖² for j ≤ i, in rows one after the other (cholesky.ts)   n (n + 1) / 2
//
// Every square is summed in the order of the coordinates. Many points go to the kernels (kernels/), which give the same
// bits.

import { fastSquaredDistances } from './kernels/matrix-kernels.ts';

/** From so many points on the way to the kernels and back pays. */
const many = 24;

/** Writes the distances of the first n points. */
export function squaredDistances(
  x: Float64Array,
  n: number,
  dimensions: number,
  packed: Float64Array,
): void {
  if (n < many || !fastSquaredDistances(x, n, dimensions, packed)) {
    squaredDistancesInArrays(x, n, dimensions, packed);
  }
}

export function squaredDistancesInArrays(
  x: Float64Array,
  n: number,
  dimensions: number,
  packed: Float64Array,
): void {
  for (let i = 0, to = 0; i < n; i++) {
    for (let j = 0; j <= i; j++, to++) {
      let sum = 0;
      for (let d = 0, a = i * dimensions, b = j * dimensions; d < dimensions; d++, a++, b++) {
        const difference = x[a]! - x[b]!;
        sum += difference * difference;
      }
      packed[to] = sum;
    }
  }
}
