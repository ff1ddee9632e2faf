// What the programs of a study do, as far as a prediction has to know it: how long they take, how they end, and what
// they report. A workload is made of a study's own log (measured-workload.ts) or assumed (assumed-workload.ts).

import type { AttemptEnd } from '@fleetune/core';

/** Ends that are the program's own doing. */
export type ProgramEnd = Extract<
  AttemptEnd,
  'completed' | 'crashed' | 'timed-out' | 'invalid-metric' | 'out-of-memory'
>;

/** What one attempt does if nobody stops it. */
export interface AttemptPlan {
  /** Before its first unit of work: imports, data. */
  beginMs: number;
  /** Of one unit of fidelity; of the whole evaluation where the study has none. */
  unitMs: number;
  /** The share of its whole work that it does before it ends; 1 for one that completes. */
  reaches: number;
  end: ProgramEnd;
  /** The objective's value at a fidelity, in the user's own direction. */
  valueAt(fidelity: number): number;
}

/** Everything follows from the numbers that are asked with, in any order. */
export interface Workload {
  /** Where it comes from, for people. */
  readonly source: string;
  /** Units of fidelity from one report to the next. */
  readonly stride: number;
  /** From the start of a worker's process to its first trial; `life`: how often it was started before. */
  startUpMs(worker: number, life: number): number;
  /** Between the exit of a trial and the spawn of this attempt on its slot. */
  gapMs(trial: number, attempt: number): number;
  /** From the report on which this attempt is told to stop to its exit. */
  stopMs(trial: number, attempt: number): number;
  plan(trial: number, attempt: number): AttemptPlan;
}
