import { fastFractions } from './kernels/random-kernels.ts';
import { ndtri } from './normal.ts';
import { philox4x32 } from './philox.ts';

/** From so many numbers on the way to the kernel pays. */
const many = 64;

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
  const keyLow = seed >>> 0;
  const keyHigh = Math.floor(seed / 2 ** 32) >>> 0;
  const purposeHash = fnv1a(purpose);
  const [trialLow, trialHigh] = [trial >>> 0, Math.floor(trial / 2 ** 32) >>> 0];
  const words = new Uint32Array(4);
  let block = 0;
  let used = 4;

  const nextWords = (): void => {
    words[0] = block++;
    words[1] = purposeHash;
    words[2] = trialLow;
    words[3] = trialHigh;
    philox4x32(words, keyLow, keyHigh);
  };

  const next = (): number => {
    if (used === 4) {
      nextWords();
      used = 0;
    }
    used += 2;
    return fraction(words[used - 2]!, words[used - 1]!);
  };

  return {
    next,
    fill(values) {
      let i = 0;
      if (used < 4 && values.length > 0) values[i++] = next();
      if (values.length >= many) {
        const counter = [block, purposeHash, trialLow, trialHigh] as const;
        const blocks = fastFractions(values, i, counter, [keyLow, keyHigh]);
        block += blocks;
        i += 2 * blocks;
      }
      for (; i + 1 < values.length; i += 2) {
        nextWords();
        values[i] = fraction(words[0]!, words[1]!);
        values[i + 1] = fraction(words[2]!, words[3]!);
      }
      if (i < values.length) values[i] = next();
    },
    int: (n) => Math.floor(next() * n),
    // The middle of the cell of width 2^-53: never 0.
    normal: () => ndtri(next() + 2 ** -54),
  };
}

/** The first 53 bits of two words. */
function fraction(high: number, low: number): number {
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

/** FNV-1a, 32 bits (Fowler, Noll & Vo), over UTF-16 units: purposes are short ASCII names. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
