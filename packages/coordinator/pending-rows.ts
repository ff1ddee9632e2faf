import { touchedTrials, type StudyEvent, type StudyState } from '@fleetune/core';
import { studyRow, trialRow } from './projection.ts';
import { snapshotSchedule } from './snapshot-schedule.ts';
import type { Append } from './store/index.ts';

type Rows = Pick<Append, 'row' | 'trials' | 'snapshot'>;

/** What the tables have to say otherwise since they were written. */
export interface PendingRows {
  /** `event` has been evolved into the state. `stored`: the tables say so already. */
  note(state: StudyState, event: StudyEvent, stored?: 'stored'): void;
  /** As of the last of these events, to be written with them. */
  take(state: StudyState, events: readonly StudyEvent[]): Rows;
}

export function pendingRows(): PendingRows {
  const snapshots = snapshotSchedule();
  const touched = new Set<number>();
  return {
    note(state, event, stored) {
      const trials = touchedTrials(state, event);
      snapshots.note(event, trials);
      if (stored === undefined) for (const trial of trials) touched.add(trial);
    },
    take(state, events) {
      const trials = [...touched].map((number) => trialRow(state, number));
      touched.clear();
      const { spec, ...row } = studyRow(state);
      const snapshot = snapshots.due(state);
      return {
        row: events.some(isOfSpec) ? { ...row, spec: spec! } : row,
        trials,
        ...(snapshot && { snapshot }),
      };
    },
  };
}

/** For a store that forgets. */
export function noRows(): PendingRows {
  return {
    note: () => undefined,
    take: ({ lastEvent, counts }) => ({
      row: { lastEvent, state: 'created', trials: counts },
      trials: [],
    }),
  };
}

/** The file itself is written with these alone: it is long. */
function isOfSpec({ kind }: StudyEvent): boolean {
  return kind === 'study-created' || kind === 'spec-changed';
}
