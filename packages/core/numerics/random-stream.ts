import { ndtri } from './normal.ts';
import { philox4x32 } from './philox.ts';

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
  const words = new Uint32Array(4);
  let block = 0;
  let used = 4;

  const next = (): number => {
    if (used === 4) {
      words[0] = block++;
      words[1] = purposeHash;
      words[2] = trial >>> 0;
      words[3] = Math.floor(trial / 2 ** 32) >>> 0;
      philox4x32(words, keyLow, keyHigh);
      used = 0;
    }
    const high = words[used++]! >>> 5;
    const low = words[used++]! >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };

  return {
    next,
    fill(values) {
      for (let i = 0; i < values.length; i++) values[i] = next();
    },
    int: (n) => Math.floor(next() * n),
    // The middle of the cell of width 2^-53: never 0.
    normal: () => ndtri(next() + 2 ** -54),
  };
}

/** FNV-1a, 32 bits (Fowler, Noll & Vo), over UTF-16 units: purposes are short ASCII names. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
