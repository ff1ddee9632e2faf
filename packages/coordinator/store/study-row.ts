import { emptyStudy, type StudySpec } from '@fleetune/core';
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
    trials: emptyStudy().counts,
  };
}
