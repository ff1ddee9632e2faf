import { randomStream } from '@fleetune/core';
import { mean } from './regret.ts';

const resamples = 10_000;

/**
 * Two-sided p-value of a paired bootstrap: `tasks` has the differences of each task's seeds, which are drawn anew with
 * replacement; tasks weigh the same.
 */
export function pairedBootstrap(tasks: readonly (readonly number[])[]): number {
  const stream = randomStream(0, 0, 'paired bootstrap');
  let above = 0;
  let below = 0;
  for (let i = 0; i < resamples; i++) {
    let sum = 0;
    for (const differences of tasks) {
      const { length } = differences;
      for (let k = 0; k < length; k++) sum += differences[stream.int(length)]! / length;
    }
    if (sum >= 0) above++;
    if (sum <= 0) below++;
  }
  return Math.min(1, (2 * (Math.min(above, below) + 1)) / (resamples + 1));
}

/** Adjusted p-values (S. Holm, "A simple sequentially rejective multiple test procedure", 1979). */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length);
  let highest = 0;
  order.forEach((i, rank) => {
    highest = Math.max(highest, Math.min(1, (ps.length - rank) * ps[i]!));
    adjusted[i] = highest;
  });
  return adjusted;
}

/**
 * The share of pairs in which the first is lower, ties by half, and the variance of that estimate (E. DeLong, D. DeLong &
 * D. Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating characteristic curves", 1988).
 */
export function shareLower(
  first: readonly number[],
  second: readonly number[],
): { share: number; variance: number } {
  const lower = (a: number, b: number): number => (a < b ? 1 : a === b ? 0.5 : 0);
  const byFirst = first.map((a) => mean(second.map((b) => lower(a, b))));
  const bySecond = second.map((b) => mean(first.map((a) => lower(a, b))));
  const variance = varianceOf(byFirst) / first.length + varianceOf(bySecond) / second.length;
  return { share: mean(byFirst), variance };
}

function varianceOf(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
