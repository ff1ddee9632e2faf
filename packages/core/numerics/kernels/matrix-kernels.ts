// Matrices go to the memory of the kernels and come back. Each of these gives undefined or false where the kernels cannot
// be had: then nothing is changed.

import { kernelsWith, padded } from './instance.ts';

const bytes = 8;
const outRoom = 16;
const block = 32;

function packedLength(n: number): number {
  return (n * (n + 1)) / 2;
}

/** `cholesky` of cholesky.ts. */
export function fastCholesky(a: Float64Array, n: number): boolean | undefined {
  const length = packedLength(n);
  const panel = outRoom + length;
  const kernels = kernelsWith(panel + block * padded(n));
  if (kernels === undefined) return undefined;
  const { run, memory } = kernels;
  copy(a, 0, memory, outRoom, length);
  const done = run.cholesky(bytes * outRoom, n, bytes * panel, 0) !== 0;
  copy(memory, outRoom, a, 0, length);
  return done;
}

/** `invertLower` of cholesky.ts. */
export function fastInvertLower(l: Float64Array, n: number, inverse: Float64Array): boolean {
  const length = packedLength(n);
  const factors = outRoom + length;
  const square = factors + 4 * n;
  const kernels = kernelsWith(square + padded(n) ** 2);
  if (kernels === undefined) return false;
  const { run, memory } = kernels;
  copy(l, 0, memory, outRoom, length);
  run.invertLower(bytes * outRoom, n, bytes * square, bytes * factors, 0);
  copy(memory, outRoom, inverse, 0, length);
  return true;
}

/** `multiplyInverse` of cholesky.ts. */
export function fastMultiplyInverse(l: Float64Array, n: number, inverse: Float64Array): boolean {
  const length = packedLength(n);
  const square = outRoom + length;
  const kernels = kernelsWith(square + n * padded(n));
  if (kernels === undefined) return false;
  const { run, memory } = kernels;
  copy(l, 0, memory, outRoom, length);
  run.multiplyInverse(bytes * outRoom, n, bytes * square, 0);
  copy(memory, outRoom, inverse, 0, length);
  return true;
}

/** `squaredDistances` of squared-distances.ts. */
export function fastSquaredDistances(
  points: Float64Array,
  n: number,
  dimensions: number,
  packed: Float64Array,
): boolean {
  const stride = padded(n);
  const to = stride * dimensions;
  // A tile reaches beyond the last row.
  const kernels = kernelsWith(to + packedLength(n) + 4);
  if (kernels === undefined) return false;
  const { run, memory } = kernels;
  for (let i = 0, from = 0; i < n; i++) {
    for (let d = 0; d < dimensions; d++, from++) memory[d * stride + i] = points[from]!;
  }
  run.squaredDistances(0, n, dimensions, bytes * to);
  copy(memory, to, packed, 0, packedLength(n));
  return true;
}

/** `addOuterProducts` of outer-products.ts. */
export function fastAddOuterProducts(
  c: Float64Array,
  n: number,
  scale: number,
  outers: readonly { readonly weight: number; readonly y: Float64Array }[],
): boolean {
  const stride = padded(n);
  const weights = n * stride;
  const ys = weights + outers.length;
  const kernels = kernelsWith(ys + outers.length * stride);
  if (kernels === undefined) return false;
  const { run, memory } = kernels;
  copyRows(c, n, memory, stride, n);
  outers.forEach(({ weight, y }, k) => {
    memory[weights + k] = weight;
    copy(y, 0, memory, ys + k * stride, n);
  });
  run.addOuterProducts(0, n, scale, bytes * ys, bytes * weights, outers.length);
  copyRows(memory, stride, c, n, n);
  return true;
}

/** Of `a`, n × n and of size 1: eigenvalues to `d` and eigenvectors to `v`. Undefined: no kernels; false: no convergence. */
export function fastSymmetricEigen(
  a: Float64Array,
  n: number,
  d: Float64Array,
  v: Float64Array,
): boolean | undefined {
  const square = n * n;
  const kernels = kernelsWith(3 * square + 3 * n);
  if (kernels === undefined) return undefined;
  const { run, memory } = kernels;
  const values = 3 * square;
  copy(a, 0, memory, 0, square);
  const [d0, e0, p0] = [values, values + n, values + 2 * n].map((place) => bytes * place);
  const done = run.symmetricEigen(0, n, d0!, e0!, p0!, bytes * square, 2 * bytes * square) !== 0;
  copy(memory, values, d, 0, n);
  copy(memory, 2 * square, v, 0, square);
  return done;
}

/** From so many numbers on a copy by the engine is quicker than one by hand. */
const many = 64;

function copy(
  from: Float64Array,
  at: number,
  to: Float64Array,
  place: number,
  count: number,
): void {
  if (count < many) for (let i = 0; i < count; i++) to[place + i] = from[at + i]!;
  else to.set(from.subarray(at, at + count), place);
}

function copyRows(
  from: Float64Array,
  fromStride: number,
  to: Float64Array,
  toStride: number,
  n: number,
): void {
  if (fromStride === toStride) return copy(from, 0, to, 0, n * n);
  for (let i = 0; i < n; i++) copy(from, i * fromStride, to, i * toStride, n);
}
