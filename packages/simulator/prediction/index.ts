export { assumedWorkload, type Durations } from './assumed-workload.ts';
export type { Cluster } from './cluster.ts';
export { measureLog } from './measured-log.ts';
export {
  middlePrediction,
  simulationSeeds,
  usualSimulations,
  type MiddlePrediction,
} from './middle-prediction.ts';
export { predict } from './predict.ts';
export { workloadsOf, type Programs } from './programs.ts';
export {
  predictInThreads,
  runSimulationThread,
  threadsFor,
  type SimulatedStudy,
} from './simulation-threads.ts';
