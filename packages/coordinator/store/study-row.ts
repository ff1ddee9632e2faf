import type { StudySpec, TrialState } from '@fleetune/core';
import type { StudyRow } from './store.ts';

/** The row of a study without a single event. */
export function newStudyRow(id: number, name: string, spec: StudySpec, at: number): StudyRow {
  return {
    id,
    name,
    spec,
    createdAt: at,
    lastEvent: 0,
    state: 'created',
    trials: { ...noTrials },
  };
}

const noTrials: Readonly<Record<TrialState, number>> = {
  queued: 0,
  running: 0,
  paused: 0,
  completed: 0,
  stopped: 0,
  failed: 0,
  infeasible: 0,
  cancelled: 0,
};
