import { Type } from 'typebox';
import { WireNumber } from '../exchange.ts';
import { LoggedEvent, ParamValue, TrialDetail, TrialState, TrialView } from '../resources.ts';
import {
  Because,
  Done,
  StudyPath,
  TrialPath,
  WholeNumber,
  storeErrors,
  type Route,
} from './route.ts';

const tag = 'trials';
const missing = ['study.not-found', 'trial.not-found'] as const;
const changing = [...missing, 'trial.state', ...storeErrors] as const;
const control = { method: 'POST', tag, params: TrialPath, body: Because, answer: Done } as const;
const path = '/studies/{name}/trials/{trial}';

export const trialRoutes = {
  listTrials: {
    method: 'GET',
    path: '/studies/{name}/trials',
    tag,
    summary: 'Trials by number, a page at a time.',
    description: 'The next page begins `after` the last number of this one.',
    params: StudyPath,
    query: Type.Object({
      state: Type.Optional(TrialState),
      after: Type.Optional(WholeNumber),
      limit: Type.Optional(
        Type.Unsafe<number>({
          ...WholeNumber,
          description: 'Default: 1000, which is also the most.',
        }),
      ),
    }),
    answer: Type.Array(TrialView),
    errors: ['study.not-found'],
  },
  showTrial: {
    method: 'GET',
    path,
    tag,
    summary: 'One trial with its attempts.',
    params: TrialPath,
    answer: TrialDetail,
    errors: missing,
  },
  trialEvents: {
    method: 'GET',
    path: `${path}/events`,
    tag,
    summary:
      'What the log says of one trial, up to now: its reports, and every decision with its reason.',
    params: TrialPath,
    answer: Type.Array(LoggedEvent),
    errors: missing,
  },
  enqueueTrial: {
    method: 'POST',
    path: '/studies/{name}/trials',
    tag,
    summary: 'A trial with these params, before the sampler’s next one.',
    params: StudyPath,
    body: Type.Object({
      params: Type.Unsafe<Record<string, unknown>>(Type.Record(Type.String(), ParamValue)),
    }),
    example: { params: { x: 0.25 } },
    answer: Type.Object({ trial: Type.Integer({ minimum: 0 }) }),
    errors: [
      'study.not-found',
      'params.unknown',
      'params.missing',
      'params.inactive',
      'params.value',
      'params.constraint',
      'study.budget-used',
      ...storeErrors,
    ],
  },
  stopTrial: {
    ...control,
    path: `${path}/stop`,
    summary: 'Ends the trial; it keeps its value so far.',
    errors: [...missing, 'trial.ended', ...storeErrors],
  },
  cancelTrial: {
    ...control,
    path: `${path}/cancel`,
    summary: 'Ends the trial; it counts for nothing.',
    errors: [...missing, 'trial.ended', ...storeErrors],
  },
  pauseTrial: {
    ...control,
    path: `${path}/pause`,
    summary: 'Takes the trial off its slot, or out of the queue, until it is resumed.',
    errors: changing,
  },
  resumeTrial: {
    ...control,
    path: `${path}/resume`,
    summary: 'Puts a paused trial at the front of the queue.',
    errors: changing,
  },
  drainTrial: {
    ...control,
    path: `${path}/drain`,
    summary: 'Takes the trial off its slot: it goes back to the front of the queue.',
    errors: changing,
  },
  checkpointTrial: {
    ...control,
    path: `${path}/checkpoint`,
    summary: 'Asks the running trial to write a checkpoint now, and to go on.',
    errors: changing,
  },
  retryTrial: {
    ...control,
    path: `${path}/retry`,
    summary: 'A failed, stopped or infeasible trial goes back to the queue, with all its retries.',
    errors: changing,
  },
  discardTrial: {
    ...control,
    path: `${path}/discard`,
    summary: 'An ended trial’s result is forgotten by everything but the log.',
    errors: changing,
  },
  correctTrial: {
    ...control,
    path: `${path}/correct`,
    summary: 'A completed or stopped trial gets another value.',
    body: Type.Object({
      ...Because.properties,
      value: WireNumber,
      by: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 200,
          description: 'Who says so. Default: a person.',
        }),
      ),
    }),
    example: { value: 0.25, reason: 'the sensor was off by 0.1' },
    answer: Done,
    errors: changing,
  },
} as const satisfies Record<string, Route>;
