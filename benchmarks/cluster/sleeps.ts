import { randomStream } from '@fleetune/core';

/** Seconds of so many heavy-tailed trials: lognormal, median 0.3 s, sigma 1, clipped to 0.05–2 s. */
export function heavyTailedSleeps(count: number, seed = 0): number[] {
  return Array.from({ length: count }, (_, trial) => {
    const seconds = 0.3 * Math.exp(randomStream(seed, trial, 'sleep').normal());
    // Whole milliseconds, so that every language waits for the same time.
    return Math.round(1000 * Math.min(2, Math.max(0.05, seconds))) / 1000;
  });
}

/**
 * How long those trials take when, in their order, each begins the moment a slot is free: no tuner
 * that takes them in that order can be quicker.
 */
export function greedySchedule(sleeps: readonly number[], slots: number): number {
  const freeAt = new Array<number>(slots).fill(0);
  for (const seconds of sleeps) {
    const next = freeAt.indexOf(Math.min(...freeAt));
    freeAt[next]! += seconds;
  }
  return Math.max(...freeAt);
}
