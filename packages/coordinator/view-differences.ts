import { isDeepStrictEqual } from 'node:util';
import type { StudyState } from '@fleetune/core';
import { studyRow, trialRow } from './projection.ts';
import type { Store, StudyRow } from './store/index.ts';

/** What the stored rows of a study say otherwise than its log, which `state` is folded from; empty when nothing does. */
export function viewDifferences(state: StudyState, store: Store, row: StudyRow): string[] {
  const differences: string[] = [];
  const folded = studyRow(state);
  for (const key of Object.keys(folded) as (keyof typeof folded)[]) {
    if (!isDeepStrictEqual(plain(folded[key]), plain(row[key]))) differences.push(`study.${key}`);
  }
  const stored = store.trials(row.id);
  if (stored.length !== state.trials.length) {
    differences.push(`${stored.length} stored trials, ${state.trials.length} in the log`);
  }
  for (const trial of stored) {
    if (trial.number >= state.trials.length) continue;
    const expected = trialRow(state, trial.number);
    if (!isDeepStrictEqual(plain(expected), plain(trial)))
      differences.push(`trial ${trial.number}`);
  }
  return differences;
}

/** As the store writes it: without absent keys. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
