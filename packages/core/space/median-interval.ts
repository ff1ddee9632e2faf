import type { Fidelity } from './study-spec.ts';

/** Every comparison is a table of its own, and a loss in the record of every trial. */
export const mostComparisons = 300;

/** The least interval of the median rule that keeps to `mostComparisons`; whole where it is above 1. */
export function leastInterval(warmup: number, { min, max }: Omit<Fidelity, 'metric'>): number {
  const least = (max - Math.max(min, warmup)) / (mostComparisons - 1);
  return least <= 1 ? Math.max(0, least) : Math.ceil(least);
}
