import type { AttemptEnd, TrialRecord, WireNumber } from '@fleetune/core';

/**
 * Whether the attempt ended with just this result. Metrics of an attempt that another one followed are no longer
 * known: its end alone is compared.
 */
export function isSameResult(
  trial: TrialRecord,
  attempt: number,
  result: { metrics: Record<string, WireNumber> | undefined; end: AttemptEnd | undefined },
): boolean {
  const record = trial.attempts[attempt - 1]!;
  const ends: (AttemptEnd | undefined)[] = [record.end, record.told];
  const end = result.end ?? (ends.includes('stopped') ? 'stopped' : 'completed');
  if (!ends.includes(end)) return false;
  if (attempt < trial.attempts.length) return true;
  const kept = { ...trial.metrics };
  return Object.entries(result.metrics ?? {}).every(
    ([name, value]) => !Object.hasOwn(kept, name) || Object.is(kept[name], Number(value)),
  );
}
