// For people with a loop of their own: ask for params, report on the way, tell the result.

import { Type } from 'typebox';
import { WireNumber } from '../exchange.ts';
import { AttemptToTell, Params, Reason, TrialState } from '../resources.ts';
import { StudyPath, TrialPath, storeErrors, type Route } from './route.ts';

const tag = 'own loop';
const Attempt = Type.Integer({ minimum: 1 });
const Metrics = Type.Record(Type.String({ minLength: 1, maxLength: 200 }), WireNumber);

/** Nobody is kept waiting beyond what proxies on the way allow. */
const MOST_WAIT_MS = 60_000;
const MOST_LEASE_MS = 24 * 3600 * 1000;

export const ownLoopRoutes = {
  ask: {
    method: 'POST',
    path: '/studies/{name}/ask',
    tag,
    summary: 'The next trial of a study, to be run by whoever asks.',
    description:
      'The answer has a `trial`; or `wait`, when only running trials can bring more: ask again; or ' +
      '`ended`. A study that does not run is started. The trial is yours until the lease runs out ' +
      'without a report; then it goes back to the queue.',
    params: StudyPath,
    body: Type.Object({
      leaseMs: Type.Optional(
        Type.Integer({
          minimum: 1000,
          maximum: MOST_LEASE_MS,
          description: 'So long may pass without a word from you. Default: 10 minutes.',
        }),
      ),
      waitMs: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: MOST_WAIT_MS,
          description: 'So long the answer may wait for a trial. Default: 25 s.',
        }),
      ),
    }),
    example: {},
    answer: Type.Object({
      trial: Type.Optional(Type.Integer({ minimum: 0 })),
      attempt: Type.Optional(Attempt),
      params: Type.Optional(Params),
      fidelityTarget: Type.Optional(
        Type.Number({ description: 'The step at which the trial is complete.' }),
      ),
      leaseMs: Type.Optional(Type.Integer()),
      wait: Type.Optional(Reason),
      ended: Type.Optional(Type.Object({ end: Type.String(), reason: Reason })),
    }),
    errors: [
      'study.not-found',
      'request.embedded',
      'study.not-running',
      'coordinator.closing',
      ...storeErrors,
    ],
  },
  report: {
    method: 'POST',
    path: '/studies/{name}/trials/{trial}/report',
    tag,
    summary: 'Metrics on the way; the answer says whether the trial should stop now.',
    params: TrialPath,
    body: Type.Object({
      attempt: Attempt,
      step: Type.Optional(
        Type.Number({ description: 'E.g. the epoch. Default: the number of the report.' }),
      ),
      metrics: Metrics,
    }),
    example: { attempt: 1, step: 3, metrics: { loss: 0.25 } },
    answer: Type.Object({
      stop: Type.Boolean(),
      reason: Type.Optional(Reason),
      checkpoint: Type.Optional(
        Type.Boolean({ description: 'Somebody wants a checkpoint now; said once.' }),
      ),
    }),
    errors: [
      'study.not-found',
      'trial.not-found',
      'attempt.stale',
      'study.not-running',
      'coordinator.closing',
      ...storeErrors,
    ],
  },
  tell: {
    method: 'POST',
    path: '/studies/{name}/trials/{trial}/tell',
    tag,
    summary: 'The result of a trial. The same result told again is taken as heard.',
    params: TrialPath,
    body: Type.Object({
      attempt: Attempt,
      metrics: Type.Optional(Metrics),
      end: Type.Optional(AttemptToTell),
      why: Type.Optional(
        Type.String({ maxLength: 1000, description: 'A sentence about the end.' }),
      ),
    }),
    example: { attempt: 1, metrics: { loss: 0.125 } },
    answer: Type.Object({ state: TrialState }),
    errors: [
      'study.not-found',
      'trial.not-found',
      'attempt.stale',
      'attempt.told',
      'input.missing',
      'study.not-running',
      'coordinator.closing',
      ...storeErrors,
    ],
  },
} as const satisfies Record<string, Route>;
