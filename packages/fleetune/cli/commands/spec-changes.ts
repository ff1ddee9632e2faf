import { isDeepStrictEqual } from 'node:util';
import type { StudySpec } from '@fleetune/core';

/** What differs, a line each: `budget.trials: 30 → 60`, `space.lr.high: 0.1 → 0.3`. */
export function specChanges(before: StudySpec, after: StudySpec): string[] {
  return differences('', before, after);
}

function differences(place: string, before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const [was, is] = [partsOf(before), partsOf(after)];
  if (was === undefined || is === undefined) {
    return [`${place}: ${text(before)} → ${text(after)}`];
  }
  const keys = new Set([...was.keys(), ...is.keys()]);
  return [...keys].flatMap((key) =>
    differences(place === '' ? key : `${place}.${key}`, was.get(key), is.get(key)),
  );
}

/** Parameters go by their names; other lists are looked at as a whole. */
function partsOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const named = value as { name?: unknown }[];
  if (named.some((item) => typeof item?.name !== 'string')) return undefined;
  return new Map(named.map((item) => [item.name as string, item]));
}

function text(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
