import type { Reason, StudyEvent, StudyStatus, TrialState } from '@fleetune/core';
import type { TrialRow } from '@fleetune/coordinator/store';
import type { StudySummary } from '@fleetune/protocol';
import type { StudyClient } from '@fleetune/protocol/node';
import type { Place } from './address.ts';
import { servedStudies } from './served-studies.ts';
import { storedStudies } from './stored-studies.ts';

/** The studies of a place, for reading and for changing; `study.not-found` and `trial.not-found` where there is none. */
export interface Studies {
  list(): Promise<StudySummary[]>;
  study(name: string): Promise<StudySummary>;
  status(name: string): Promise<StudyView>;
  trials(name: string, state?: TrialState): Promise<TrialRow[]>;
  trial(name: string, number: number): Promise<TrialInFull>;
  /** What the log says of it, up to now. */
  trialEvents(name: string, number: number): Promise<StudyEvent[]>;
  /** Asks whoever owns the studies; a database without a living owner is ours for that moment. */
  ask<T>(request: (owner: StudyClient) => Promise<T>): Promise<T>;
  /** Deletes the study's log and tables, and the trial files beside a database; refused while somebody works on it. */
  remove(name: string): Promise<void>;
}

export interface TrialInFull extends TrialRow {
  /** What it waits for, queued or paused. */
  waiting?: Reason;
}

export interface StudyView {
  status: StudyStatus;
  /** When the status was so, milliseconds since the epoch. */
  at: number;
  /** The log says "running", but whoever ran it is gone. */
  interrupted: boolean;
}

export function openStudies(place: Place): Studies {
  return 'on' in place ? servedStudies(place.on) : storedStudies(place.database);
}
