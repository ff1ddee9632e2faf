import type { AttemptEnd, StudySpec, TrialRecord, WireNumber } from '@fleetune/core';

/**
 * Whether the attempt ended with just this result. Its end alone is compared where its metrics are not known: another
 * attempt has followed, or one before it had reached the full fidelity, after which nothing counts.
 */
export function isSameResult(
  { objective, fidelity }: StudySpec,
  trial: TrialRecord,
  attempt: number,
  result: { metrics: Record<string, WireNumber> | undefined; end: AttemptEnd | undefined },
): boolean {
  const record = trial.attempts[attempt - 1]!;
  const ends: (AttemptEnd | undefined)[] = [record.end, record.told];
  const end = result.end ?? (ends.includes('stopped') ? 'stopped' : 'completed');
  if (!ends.includes(end)) return false;
  if (attempt < trial.attempts.length) return true;
  const { metrics = {} } = result;
  const hasValue = Object.hasOwn(metrics, objective.metric);
  if (hasValue && fidelity !== undefined && record.step !== fidelity.max) return true;
  const kept = trial.metrics;
  return Object.entries(metrics).every(
    ([name, value]) => !Object.hasOwn(kept, name) || Object.is(kept[name], Number(value)),
  );
}
