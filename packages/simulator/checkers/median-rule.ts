import { atRungs, type Comparison, type Passed } from './passed-rungs.ts';
import type { MakeChecker } from './watch.ts';

/**
 * The median rule (Golovin et al. 2017, section 3.2.1): stopped is exactly who has a best loss so far that is worse than
 * the median of what the completed trials had at the same rung, once enough are completed.
 */
export const medianRule: MakeChecker = (_world, broken) =>
  atRungs((comparison, { name, state }) => {
    const { scheduler } = state.spec!;
    if (scheduler.type !== 'median') return;
    const { trial, step, decision } = comparison.event;
    // People want to know what their own defaults come to.
    const isBaseline = state.trials[trial]!.sampler === 'default';
    const stops = !isBaseline && isWorse(comparison, scheduler.startup);
    if (stops === (decision === 'stop')) return;
    broken(`${name}, trial ${trial} at ${step}: ${stops ? 'it goes on' : 'it was stopped'}`);
  });

function isWorse({ event: { rung }, own, others, last }: Comparison, startup: number): boolean {
  if (rung === last) return false;
  const completed = others.filter((passed) => last in passed);
  const at = completed.filter((passed) => rung in passed).map((passed) => passed[rung]!);
  if (completed.length < startup || at.length === 0) return false;
  return best(own, rung) > median(at);
}

/** Holes are no losses. */
function best(own: Passed, rung: number): number {
  return own.slice(0, rung + 1).reduce((a, b) => Math.min(a, b), Infinity);
}

function median(losses: readonly number[]): number {
  const sorted = losses.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
  return low === high ? low : (low + high) / 2;
}
