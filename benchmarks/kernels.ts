// The kernels of core's numerics in WebAssembly beside their twins on typed arrays, which take turns. One process: both
// are as warm as they get.

import {
  cholesky,
  choleskyInArrays,
  invertLower,
  invertLowerInArrays,
  multiplyInverse,
  multiplyInverseInArrays,
  rowStart,
} from '../packages/core/numerics/cholesky.ts';
import {
  addOuterProducts,
  addOuterProductsInArrays,
} from '../packages/core/numerics/outer-products.ts';
import { randomStream } from '../packages/core/numerics/random-stream.ts';
import {
  squaredDistances,
  squaredDistancesInArrays,
} from '../packages/core/numerics/squared-distances.ts';
import { eigenInArrays, symmetricEigen } from '../packages/core/numerics/symmetric-eigen.ts';
import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';

const rounds = 15;
/** Milliseconds of one side in one round. */
const slice = 8;

interface Pair {
  kernel(): void;
  twin(): void;
}

const stream = randomStream(1, 0, 'kernels bench');
const normals = (count: number) => Float64Array.from({ length: count }, () => stream.normal());

/** Packed: large on the diagonal. */
function positiveDefinite(n: number): Float64Array {
  const a = normals(rowStart(n));
  for (let i = 0; i < n; i++) a[rowStart(i) + i] = 4 * n;
  return a;
}

function choleskyOf(n: number): Pair {
  const a = positiveDefinite(n);
  const l = a.slice();
  const run = (by: typeof cholesky) => () => {
    l.set(a);
    by(l, n);
  };
  return { kernel: run(cholesky), twin: run(choleskyInArrays) };
}

function inverseOf(n: number, last: boolean): Pair {
  const l = positiveDefinite(n);
  cholesky(l, n);
  const inverse = l.slice();
  const [kernel, twin] = last
    ? [multiplyInverse, multiplyInverseInArrays]
    : [invertLower, invertLowerInArrays];
  return { kernel: () => kernel(l, n, inverse), twin: () => twin(l, n, inverse) };
}

function eigenOf(n: number): Pair {
  const a = normals(n * n);
  return {
    kernel: () => void symmetricEigen(a, n),
    twin: () => void eigenInArrays(a.slice(), n, new Float64Array(n), new Float64Array(n * n)),
  };
}

function outerProductsOf(n: number, count: number): Pair {
  const c = new Float64Array(n * n);
  const outers = Array.from({ length: count }, () => ({ weight: 0.01, y: normals(n) }));
  return {
    kernel: () => addOuterProducts(c, n, 0.9, outers),
    twin: () => addOuterProductsInArrays(c, n, 0.9, outers),
  };
}

function distancesOf(n: number, dimensions: number): Pair {
  const x = normals(n * dimensions);
  const packed = new Float64Array(rowStart(n));
  return {
    kernel: () => squaredDistances(x, n, dimensions, packed),
    twin: () => squaredDistancesInArrays(x, n, dimensions, packed),
  };
}

/** The twin is one number after the other. */
function randomNumbers(count: number): Pair {
  const values = new Float64Array(count);
  return {
    kernel: () => stream.fill(values),
    twin() {
      for (let i = 0; i < count; i++) values[i] = stream.next();
    },
  };
}

const cases: Record<string, () => Pair> = {
  'Cholesky, n = 24': () => choleskyOf(24),
  'Cholesky, n = 100': () => choleskyOf(100),
  'Cholesky, n = 500': () => choleskyOf(500),
  'inverse of L, n = 24': () => inverseOf(24, false),
  'inverse of L, n = 100': () => inverseOf(100, false),
  'inverse of L, n = 500': () => inverseOf(500, false),
  'inverse of A, n = 24': () => inverseOf(24, true),
  'inverse of A, n = 500': () => inverseOf(500, true),
  'eigenvectors, n = 12': () => eigenOf(12),
  'eigenvectors, n = 40': () => eigenOf(40),
  'eigenvectors, n = 200': () => eigenOf(200),
  'outer products, 12 of n = 20': () => outerProductsOf(20, 12),
  'outer products, 16 of n = 40': () => outerProductsOf(40, 16),
  'outer products, 20 of n = 200': () => outerProductsOf(200, 20),
  'squared distances, 24 of 5-D': () => distancesOf(24, 5),
  'squared distances, 500 of 20-D': () => distancesOf(500, 20),
  'random numbers, 64': () => randomNumbers(64),
  'random numbers, 984': () => randomNumbers(984),
};

export const bench: Bench = {
  summary: 'the WebAssembly kernels of the numerics kit beside their twins on typed arrays',
  async *run(): AsyncIterable<Measured> {
    for (const [name, make] of Object.entries(cases)) {
      const { kernel, twin } = make();
      const [fast, slow]: [number[], number[]] = [[], []];
      for (const one of [kernel, twin]) perCall(one);
      for (let round = 0; round < rounds; round++) {
        fast.push(perCall(kernel));
        slow.push(perCall(twin));
      }
      const common = { better: 'lower', runs: rounds } as const;
      const value = median(fast);
      yield { case: name, value, unit: 'µs', peers: { twin: median(slow) }, ...common };
      yield { case: `${name} / twin`, value: value / median(slow), unit: '×', goal: 1, ...common };
    }
  },
};

/** Microseconds. */
function perCall(run: () => void): number {
  const start = performance.now();
  let calls = 0;
  do {
    run();
    calls++;
  } while (performance.now() - start < slice);
  return (1000 * (performance.now() - start)) / calls;
}
