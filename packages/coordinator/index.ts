export {
  createCoordinator,
  type ControlCommand,
  type Coordinator,
  type ResumedRun,
} from './coordinator.ts';
export type { SlotView, WorkerView } from './dispatcher/worker-view.ts';
export { studyRow, trialRow } from './projection.ts';
export type { StudyHost } from './study-host.ts';
export { EXHAUSTED, type Ending, type RunOptions } from './study-run.ts';
export { serveHttp, type HttpServer } from './http/server.ts';
