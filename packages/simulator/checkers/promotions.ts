import { atRungs, type Comparison } from './passed-rungs.ts';
import type { MakeChecker } from './watch.ts';

/** ASHA's law: of n at a rung at most ⌈n/eta⌉ go on, ties together, and the best so far always does; fifo has no rungs. */
export const promotions: MakeChecker = (_world, broken) =>
  atRungs((comparison, { name, state }) => {
    const { scheduler } = state.spec!;
    const { trial, step } = comparison.event;
    const wrong =
      scheduler.type === 'asha'
        ? breaks(comparison, scheduler.eta, state.trials[trial]!.sampler === 'default')
        : scheduler.type === 'fifo' && 'fifo compares nobody';
    if (wrong) broken(`${name}, trial ${trial} at ${step}: ${wrong}`);
  });

function breaks(
  { event, others, last }: Comparison,
  eta: number,
  isBaseline: boolean,
): string | undefined {
  const { rung, decision } = event;
  const loss = Number(event.loss);
  const stops = decision === 'stop';
  const at = others.filter((passed) => rung in passed);
  const n = at.length + 1;
  const rank = 1 + at.filter((passed) => passed[rung]! < loss).length;
  const keep = Math.ceil(n / eta);
  // People want to know what their own defaults come to.
  if (rung === last || rank <= keep || isBaseline) {
    return stops ? `${rank} of ${n} was stopped` : undefined;
  }
  return stops ? undefined : `${rank} of ${n} goes on, where ${keep} may`;
}
