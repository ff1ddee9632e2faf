export { createWorker, type Worker, type WorkerOptions } from './worker.ts';
export type {
  AttemptSink,
  Interruption,
  Outcome,
  ReportRow,
  Runner,
  RunningAttempt,
} from './runner.ts';
export { walltimeLeftMs, type Walltime } from './lifetime.ts';
export { logFiles } from './command/log-file.ts';
export { runSpawner } from './spawner/run-spawner.ts';
export { spawnSpawner } from './spawner/spawner-process.ts';
export { runWatchdog } from './guard/run-watchdog.ts';
export { sweepOrphans } from './guard/sweep.ts';
export { startCommandRunner, type StartOptions } from './start-command-runner.ts';
export {
  functionRunner,
  type TrialContext,
  type TrialFunction,
} from './function/function-runner.ts';
export { runSetup, type SetupOptions } from './setup/run-setup.ts';
