import { bytesOf } from './base64.ts';
import { kernelModule } from './module.ts';
import { instantiate, type Exports } from './web-assembly.ts';

/** Addresses are in bytes; assembly/ says what is where. */
interface Functions {
  cholesky(a: number, n: number, panel: number, out: number): number;
  invertLower(l: number, n: number, square: number, factors: number, out: number): void;
  multiplyInverse(l: number, n: number, square: number, out: number): void;
  addOuterProducts(
    c: number,
    n: number,
    scale: number,
    ys: number,
    weights: number,
    count: number,
  ): void;
  squaredDistances(x: number, n: number, dimensions: number, packed: number): void;
  symmetricEigen(
    a: number,
    n: number,
    d: number,
    e: number,
    p: number,
    reflections: number,
    v: number,
  ): number;
  fractions(
    out: number,
    blocks: number,
    c0: number,
    c1: number,
    c2: number,
    c3: number,
    k0: number,
    k1: number,
  ): void;
  drawNormals(
    count: number,
    width: number,
    quantiles: number,
    given: number,
    kernels: number,
    frame: number,
    out: number,
  ): void;
  sumTerms(
    rows: number,
    weights: number,
    count: number,
    dimensions: number,
    choices: number,
    stepped: number,
    choiceTerms: number,
    batch: number,
  ): void;
  contenders(points: number, l: number, g: number, out: number): number;
}

export interface Kernels {
  readonly run: Exports<Functions>;
  /** All of the memory, as numbers; of this call only: it moves when more is asked for. */
  readonly memory: Float64Array;
  /** The same memory as 32-bit numbers. */
  readonly singles: Float32Array;
  /** The same as 32-bit integers. */
  readonly integers: Int32Array;
}

/** Half a gigabyte: larger matrices are left to the twins. */
const mostNumbers = 2 ** 26;
const pageNumbers = 8192;

/** Undefined: not tried yet; null: cannot be had here. */
let run: Exports<Functions> | undefined | null;
let memory = new Float64Array(0);
let singles = new Float32Array(0);
let integers = new Int32Array(0);

/**
 * The kernels, with room for so many numbers; what was there before is gone. Compiled at the first call, in about half a
 * millisecond. Undefined where they cannot be had: the twin on typed arrays gives the same bits.
 */
export function kernelsWith(numbers: number): Kernels | undefined {
  if (run === undefined) run = instantiate<Functions>(bytesOf(kernelModule)) ?? null;
  if (run === null || numbers > mostNumbers) return undefined;
  if (numbers > memory.length) {
    try {
      run.memory.grow(Math.ceil((numbers - memory.length) / pageNumbers));
    } catch {
      return undefined;
    }
    memory = new Float64Array(run.memory.buffer);
    singles = new Float32Array(run.memory.buffer);
    integers = new Int32Array(run.memory.buffer);
  }
  return { run, memory, singles, integers };
}

/** Rows begin on whole tiles of 4 (assembly/memory.ts). */
export function padded(n: number): number {
  return (n + 3) & ~3;
}
