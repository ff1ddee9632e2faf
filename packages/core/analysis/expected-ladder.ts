import { createScheduler } from '../scheduler/create-scheduler.ts';
import type { StudySpec } from '../space/study-spec.ts';

/**
 * How many of the budget's trials are expected to reach each rung: all reach the first, and 1/eta
 * of those at a rung go on. Trials that come early go on more easily, so that real studies pass
 * somewhat more. Undefined without rungs.
 */
export function expectedLadder(
  spec: StudySpec,
): { fidelity: number; trials: number | undefined }[] | undefined {
  const { rungs } = createScheduler(spec.scheduler, spec.fidelity);
  if (rungs.length === 0 || spec.scheduler.type !== 'asha') return undefined;
  const { eta } = spec.scheduler;
  let trials = spec.budget.trials;
  return rungs.map((fidelity) => {
    const reach = trials;
    if (trials !== undefined) trials = Math.min(trials, Math.max(1, Math.ceil(trials / eta)));
    return { fidelity, trials: reach };
  });
}
