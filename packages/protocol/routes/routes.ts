import { ownLoopRoutes } from './own-loop-routes.ts';
import type { AnswerOf, InputOf } from './route.ts';
import { serverRoutes } from './server-routes.ts';
import { studyRoutes } from './study-routes.ts';
import { trialRoutes } from './trial-routes.ts';
import { workerRoutes } from './worker-routes.ts';

/** Below it lies the whole API. */
export const PREFIX = '/api/v1';

/** The whole HTTP API, by operation id. */
export const routes = {
  ...studyRoutes,
  ...trialRoutes,
  ...ownLoopRoutes,
  ...workerRoutes,
  ...serverRoutes,
};

export type Operation = keyof typeof routes;

export type OperationInput<O extends Operation> = InputOf<(typeof routes)[O]>;

export type OperationAnswer<O extends Operation> = AnswerOf<(typeof routes)[O]>;
