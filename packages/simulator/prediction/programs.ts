import type { StudySpec } from '@fleetune/core';
import { assumedWorkload, type Durations } from './assumed-workload.ts';
import type { MeasuredLog } from './measured-log.ts';
import { measuredWorkload } from './measured-workload.ts';
import type { Workload } from './workload.ts';

/** What is known of a study's programs, as plain data: how long they take, or what a log tells. */
export type Programs = Durations | MeasuredLog;

/** What they do, by the seed of a simulation. */
export function workloadsOf(spec: StudySpec, programs: Programs): (seed: number) => Workload {
  if ('attempts' in programs) return measuredWorkload(spec, programs);
  return (seed) => assumedWorkload(spec, programs, seed);
}
