// What a trial's metrics are worth beside its value: the losses of all objectives, and whether the
// outcome constraints hold.

import { outcomeConstraintText } from '../space/outcome-constraint.ts';
import type { Objective, OutcomeConstraint, StudySpec } from '../space/study-spec.ts';
import type { Reason } from '../scheduler/scheduler.ts';
import type { TrialRecord } from './state.ts';

type Metrics = Readonly<Record<string, number>>;

/** Core always minimises. */
export function lossIn({ direction }: Objective, value: number): number {
  return direction === 'maximize' ? 0 - value : value;
}

/** One per objective; one that the trial never gave, or gave as NaN, is the worst. */
export function lossesOf({ objective, objectives }: StudySpec, trial: TrialRecord): number[] {
  const { value, metrics } = trial;
  // The first one's value may have been corrected, and stands at the highest fidelity.
  const first = worstIfNone(objective, value);
  if (objectives === undefined) return [first];
  return [first, ...objectives.slice(1).map((one) => worstIfNone(one, metrics[one.metric]))];
}

function worstIfNone(objective: Objective, value = NaN): number {
  const loss = lossIn(objective, value);
  return Number.isNaN(loss) ? Infinity : loss;
}

/**
 * By how much the outcome constraints are broken, each in parts of its bound: 0 when all hold as
 * far as is known, Infinity for NaN.
 */
export function violationOf({ outcomeConstraints }: StudySpec, metrics: Metrics): number {
  if (outcomeConstraints === undefined) return 0;
  return outcomeConstraints.reduce((sum, one) => sum + excess(one, metrics[one.metric]), 0);
}

/** Why metrics that go with a value make no completed trial. */
export function unusable(
  spec: StudySpec,
  metrics: Metrics,
): { as: 'failed' | 'infeasible'; reason: Reason } | undefined {
  if (spec.objectives === undefined && spec.outcomeConstraints === undefined) return undefined;
  const { objectives = [], outcomeConstraints = [] } = spec;
  const bounded = outcomeConstraints.map(({ metric }) => metric);
  for (const metric of [...objectives.slice(1).map((one) => one.metric), ...bounded]) {
    if (metrics[metric] !== undefined) continue;
    const text = `ended without a value of ${metric}`;
    return { as: 'failed', reason: { code: 'no-metric', text } };
  }
  for (const one of objectives.slice(1)) {
    const value = metrics[one.metric]!;
    if (!Number.isNaN(value) && lossIn(one, value) !== -Infinity) continue;
    const text = `reported ${one.metric} ${value}`;
    return { as: 'failed', reason: { code: 'invalid-metric', text } };
  }
  const broken = outcomeConstraints.filter((one) => excess(one, metrics[one.metric]) > 0);
  if (broken.length === 0) return undefined;
  const text = broken
    .map((one) => `${one.metric} is ${metrics[one.metric]}, not ${outcomeConstraintText(one)}`)
    .join('; ');
  return { as: 'infeasible', reason: { code: 'outcome', text } };
}

function excess({ is, bound }: OutcomeConstraint, value: number | undefined): number {
  if (value === undefined) return 0;
  if (Number.isNaN(value)) return Infinity;
  const over = is === 'at-most' ? value - bound : bound - value;
  return over > 0 ? over / (Math.abs(bound) || 1) : 0;
}
