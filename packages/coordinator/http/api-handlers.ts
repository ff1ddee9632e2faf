import { newGapHistogram, type GapHistogram } from '@fleetune/core';
import type { Operation } from '@fleetune/protocol';
import type { Coordinator } from '../coordinator.ts';
import type { Handlers } from './handlers.ts';
import { ownLoopHandlers } from './own-loop-handlers.ts';
import { studyHandlers } from './study-handlers.ts';
import { createSubmissions, type SubmissionOptions } from './submissions.ts';
import { trialHandlers } from './trial-handlers.ts';
import { workerHandlers } from './worker-handlers.ts';

/** What the coordinator does for people, programs and workers, whatever brings their requests. */
export type ApiHandlers = Handlers<Exclude<Operation, 'openApi' | 'health' | 'metrics'>>;

export function apiHandlers(
  coordinator: Coordinator,
  submissions?: SubmissionOptions,
  exchangeTimes: GapHistogram = newGapHistogram(),
): ApiHandlers {
  const submitted = createSubmissions(coordinator, submissions);
  return {
    ...studyHandlers(coordinator, submitted),
    ...trialHandlers(coordinator),
    ...ownLoopHandlers(coordinator, submitted),
    ...workerHandlers(coordinator, exchangeTimes),
  };
}
