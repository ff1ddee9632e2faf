import type { Effort } from '@fleetune/core';

/** So many of the latest count, and nothing is said of fewer: the first ones are slow while code is compiled. */
const RECENT = 16;

/** What the latest suggestions took, by effort. */
export type Costs = Record<Effort, number[]>;

export function newCosts(): Costs {
  return { full: [], reduced: [] };
}

export function countMade(costs: Costs, effort: Effort, tookMs: number): void {
  const recent = costs[effort];
  recent.push(tookMs);
  if (recent.length > RECENT) recent.shift();
}

/** The mean; undefined while there are too few. */
export function meanCost(costs: Costs, effort: Effort): number | undefined {
  const recent = costs[effort];
  return recent.length < RECENT ? undefined : meanSoFar(costs, effort);
}

/** What the slowest of the latest took; 0 without any. */
export function longest(costs: Costs, effort: Effort): number {
  return Math.max(0, ...costs[effort]);
}

/** The mean of however many there are; 0 without any. */
export function meanSoFar(costs: Costs, effort: Effort): number {
  const recent = costs[effort];
  return recent.reduce((sum, tookMs) => sum + tookMs, 0) / Math.max(1, recent.length);
}
