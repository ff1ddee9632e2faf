import { fastFractions } from './kernels/random-kernels.ts';
import { ndtri } from './normal.ts';
import { philox4x32 } from './philox.ts';

/** From so many numbers on the way to the kernel pays. */
const many = 8;

/** A sequence of random numbers that depends on its key (seed, trial, purpose) alone. */
export interface RandomStream {
  /** Uniform in [0, 1), a multiple of 2^-53. */
  next(): number;
  /** The next `values.length` of them at once. */
  fill(values: Float64Array): void;
  /** Uniform in 0 … n − 1. */
  int(n: number): number;
  /** Standard normal, by inversion, so that one number is used up per draw. */
  normal(): number;
}

/**
 * The stream for one purpose of one trial. The seed is the key of the generator; purpose, trial and
 * the position in the stream are its counter, so streams never overlap and none depends on what was
 * drawn from another.
 */
export function randomStream(seed: number, trial: number, purpose: string): RandomStream {
  return new PhiloxStream(seed, trial, fnv1a(purpose));
}

/** The latest block, of whichever stream: two numbers of 53 bits. */
const words = new Uint32Array(4);

/** A class: there is one for every suggestion, and functions of its own would be most of what that takes. */
class PhiloxStream implements RandomStream {
  readonly #seed: number;
  readonly #trial: number;
  readonly #purpose: number;
  #block = 0;
  /** The second number of the latest block; NaN once it is used. */
  #second = NaN;

  constructor(seed: number, trial: number, purpose: number) {
    this.#seed = seed;
    this.#trial = trial;
    this.#purpose = purpose;
  }

  next(): number {
    const second = this.#second;
    if (!Number.isNaN(second)) {
      this.#second = NaN;
      return second;
    }
    this.#nextBlock();
    this.#second = fraction(words[2]!, words[3]!);
    return fraction(words[0]!, words[1]!);
  }

  fill(values: Float64Array): void {
    let i = 0;
    if (!Number.isNaN(this.#second) && values.length > 0) values[i++] = this.next();
    if (values.length >= many) {
      this.#count();
      const blocks = fastFractions(values, i, words, low(this.#seed), high(this.#seed));
      this.#block += blocks;
      i += 2 * blocks;
    }
    for (; i + 1 < values.length; i += 2) {
      this.#nextBlock();
      values[i] = fraction(words[0]!, words[1]!);
      values[i + 1] = fraction(words[2]!, words[3]!);
    }
    if (i < values.length) values[i] = this.next();
  }

  int(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** The middle of the cell of width 2^-53: never 0. */
  normal(): number {
    return ndtri(this.next() + 2 ** -54);
  }

  #nextBlock(): void {
    this.#count();
    this.#block++;
    philox4x32(words, low(this.#seed), high(this.#seed));
  }

  /** Makes the words the counter of the next block. */
  #count(): void {
    words[0] = this.#block;
    words[1] = this.#purpose;
    words[2] = low(this.#trial);
    words[3] = high(this.#trial);
  }
}

function low(value: number): number {
  return value >>> 0;
}

function high(value: number): number {
  return Math.floor(value / 2 ** 32) >>> 0;
}

/** The first 53 bits of two words. */
function fraction(first: number, second: number): number {
  return ((first >>> 5) * 2 ** 26 + (second >>> 6)) / 2 ** 53;
}

/** FNV-1a, 32 bits (Fowler, Noll & Vo), over UTF-16 units: purposes are short ASCII names. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
