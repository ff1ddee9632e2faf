import type { Breach } from './checkers/watch.ts';

/** Everything that is needed to see it again. */
export function failureLine(seed: number, { promise, atMs, what }: Breach): string {
  const at = `${(atMs / 1000).toFixed(3)} s`;
  return `BROKEN ${promise} at ${at} of seed ${seed}: ${what} · replay: ./dev simulate --seed ${seed}`;
}
