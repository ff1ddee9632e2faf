import { changedLines, snapshotLine, type StudyEvent, type StudyState } from '@fleetune/core';
import { trouble } from '@fleetune/platform';
import type { SnapshotLine } from './store/index.ts';

/** So many events and reported rows are folded in a moment (DESIGN §15.12), and what they touch is written in one. */
const EVERY = 1_000;
/** And as many for each slot, since all of them are in the line that is always written. */
const EVERY_PER_SLOT = 5;
/** At the end of a run, when many will look and nobody waits for the next trial. */
const AT_THE_END = 500;

/** When a study's snapshot is written, and what of it has changed since the last one. */
export interface SnapshotSchedule {
  /** `event` has been evolved into the state and touched these trials. */
  note(event: StudyEvent, trials: readonly number[]): void;
  /** The lines to write with the events noted so far. */
  due(state: StudyState): SnapshotLine[] | undefined;
}

export function snapshotSchedule(): SnapshotSchedule {
  const touched = new Set<number>();
  let facts = 0;
  let every = EVERY;
  let ended = false;
  return {
    note(event, trials) {
      facts += 1;
      if (event.kind === 'reports') {
        for (const { columns } of event.items) facts += columns.step.length;
      }
      ended = event.kind === 'run-ended';
      for (const trial of trials) touched.add(trial);
    },
    due(state) {
      const enough = facts >= (ended ? AT_THE_END : every);
      if (!enough && !trouble('snapshot-early')) return undefined;
      const lines = [...changedLines(touched)];
      facts = 0;
      every = Math.max(EVERY, EVERY_PER_SLOT * slotsOf(state));
      touched.clear();
      return lines.map((line) => ({ line, ...snapshotLine(state, line) }));
    },
  };
}

function slotsOf({ workers }: StudyState): number {
  let sum = 0;
  for (const { slots } of workers.values()) sum += slots.length;
  return sum;
}
