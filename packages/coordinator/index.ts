export { createCoordinator, type Coordinator } from './coordinator.ts';
export { studyRow, trialRow } from './projection.ts';
export type { StudyHost } from './study-host.ts';
export { serveHttp, type HttpServer } from './http/server.ts';
