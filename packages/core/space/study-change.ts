import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import { outcomeConstraintText } from './outcome-constraint.ts';
import type { Objective, StudySpec } from './study-spec.ts';

/** The keys of the study file (and `cwd`) whose meaning differs. */
export function changedKeys(before: StudySpec, after: StudySpec): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)] as (keyof StudySpec)[]);
  return [...keys]
    .filter((key) => canonical(before[key]) !== canonical(after[key]))
    .map((key) => (key === 'extraMetrics' ? 'keep' : key));
}

/** Why trials of the study `before` could not be compared with those of `after`; undefined when they can. */
export function compatible(before: StudySpec, after: StudySpec): ErrorInfo | undefined {
  const { name } = before;
  if (canonical(goals(before)) !== canonical(goals(after))) {
    const was = goals(before).map(({ metric, direction }) => `${direction} ${metric}`);
    const place = after.objectives === undefined ? 'objective' : 'objectives';
    return errorInfo('study.other-objective', place, { name, was: was.join(', ') });
  }
  const bounds = before.outcomeConstraints ?? [];
  if (canonical(bounds) !== canonical(after.outcomeConstraints ?? [])) {
    const was = bounds.map(outcomeConstraintText).join(', ') || 'none';
    return errorInfo('study.other-outcomes', 'outcomeConstraints', { name, was });
  }
  for (const was of before.space) {
    const now = after.space.find((parameter) => parameter.name === was.name);
    const place = `space.${was.name}`;
    if (now === undefined) return errorInfo('study.parameter-removed', place, { name });
    // A parameter may be held still, and be let go again.
    if (now.type === was.type || now.type === 'constant' || was.type === 'constant') continue;
    return errorInfo('study.other-parameter', place, { name, was: was.type, now: now.type });
  }
  return undefined;
}

function goals({ objective, objectives = [objective] }: StudySpec): Objective[] {
  return objectives;
}

/** The same text for equal JSON values, whatever the order of their keys. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === 'object' && one !== null && !Array.isArray(one)
        ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
        : one,
    ) ?? ''
  );
}
