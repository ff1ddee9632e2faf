export { assumedWorkload, type Durations } from './assumed-workload.ts';
export type { Cluster } from './cluster.ts';
export { measureLog, type MeasuredLog } from './measured-log.ts';
export { measuredWorkload } from './measured-workload.ts';
export { predict, type Prediction } from './predict.ts';
export type { Workload } from './workload.ts';
