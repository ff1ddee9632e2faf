export { createCoordinator, type Coordinator } from './coordinator.ts';
export { studyRow, trialRow } from './projection.ts';
export type { StudyHost } from './study-host.ts';
export { EXHAUSTED, type Ending } from './study-run.ts';
export { serveHttp, type HttpServer } from './http/server.ts';
