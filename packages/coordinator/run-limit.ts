import type { Reason, StudyState } from '@fleetune/core';
import type { RunOptions } from './study-run.ts';

/** How many trials a run may have at a time. One with a worker of its own has that one's slots, which are nobody else's. */
export function runLimit(options: RunOptions | undefined): number {
  return options?.shared && options.slots ? options.slots : Infinity;
}

/** Why the run may have no other trial now: it has its slots until an edit says otherwise, which core sees to. */
export function beyondLimit(
  { run, counts }: StudyState,
  limit: number,
  reserve = false,
): Reason | undefined {
  // A reserve begins when another one ends.
  if (run?.limit !== undefined || counts.running < limit + (reserve ? 1 : 0)) return undefined;
  return { code: 'slots', text: `the study may use ${limit} slots` };
}
