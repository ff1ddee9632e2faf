import type { Observed } from './history.ts';

type Known = Observed['outcome'];

/**
 * Which of two outcomes is better, by the first objective: feasible completed trials by loss, then
 * stopped ones, those that came furthest first and by loss among equals, then completed ones that
 * break outcome constraints, the least violation first; failed and infeasible ones are equally bad.
 * Negative when `a` is better.
 */
export function compareOutcomes(a: Known, b: Known): number {
  const order = classOf(a) - classOf(b);
  if (order !== 0) return order;
  if (a.state === 'stopped' && b.state === 'stopped') {
    return compare(b.step, a.step) || compare(a.loss, b.loss);
  }
  if (a.state === 'completed' && b.state === 'completed') {
    return compare(a.violation ?? 0, b.violation ?? 0) || compare(a.loss, b.loss);
  }
  return 0;
}

export function isFeasible(outcome: Known): boolean {
  return outcome.state === 'completed' && (outcome.violation ?? 0) === 0;
}

function classOf(outcome: Known): number {
  if (isFeasible(outcome)) return 0;
  if (outcome.state === 'stopped') return 1;
  return outcome.state === 'completed' ? 2 : 3;
}

/** Infinities compare too, which a difference would turn into NaN. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
