export { assumedWorkload, type Durations } from './assumed-workload.ts';
export type { Cluster } from './cluster.ts';
export { measureLog, type MeasuredLog } from './measured-log.ts';
export { measuredWorkload } from './measured-workload.ts';
export { predict } from './predict.ts';
export { predictOften, usualSimulations, type MiddlePrediction } from './predict-often.ts';
export type { Workload } from './workload.ts';
