export { createWorker, type Worker, type WorkerOptions } from './worker.ts';
export type {
  AttemptSink,
  Interruption,
  Outcome,
  ReportRow,
  Runner,
  RunningAttempt,
} from './runner.ts';
export { commandRunner, type CommandRunnerOptions } from './command/command-runner.ts';
export { logFiles, trialFolder } from './command/log-file.ts';
export { startTrialServer, type TrialServer } from './trial-server/trial-server.ts';
export type { Guard } from './guard/guard.ts';
export { localGuard } from './guard/local-guard.ts';
export { runWatchdog } from './guard/run-watchdog.ts';
export { sweepOrphans } from './guard/sweep.ts';
export { spawnWatchdog, type WatchdogOptions } from './guard/watchdog.ts';
export { startCommandRunner, type StartOptions } from './start-command-runner.ts';
export {
  functionRunner,
  type TrialContext,
  type TrialFunction,
} from './function/function-runner.ts';
export { runSetup, type SetupOptions } from './setup/run-setup.ts';
