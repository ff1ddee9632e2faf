export { createAsker, type Asker, type AttemptId } from './asker/asker.ts';
export {
  createCoordinator,
  type ControlCommand,
  type Coordinator,
  type KnownStudy,
  type ResumedRun,
} from './coordinator.ts';
export type { SlotView, WorkerView } from './dispatcher/worker-view.ts';
export { studyRow, trialRow } from './projection.ts';
export type { StudyHost } from './study-host.ts';
export type { Ending, RunOptions } from './study-run.ts';
export { oneToken, type Access } from './auth/access.ts';
export { tokenFile } from './auth/token-file.ts';
export { apiHandlers, type ApiHandlers } from './http/api-handlers.ts';
export { serveHttp, type HttpOptions, type HttpServer } from './http/server.ts';
export { viewDifferences } from './view-differences.ts';
