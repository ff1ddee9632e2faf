import { Type } from 'typebox';
import {
  ExchangeRequest,
  ExchangeResponse,
  RegisterRequest,
  RegisterResponse,
  WorkerName,
} from '../exchange.ts';
import { WorkerView } from '../resources.ts';
import { Because, Done, storeErrors, type Route } from './route.ts';

const tag = 'workers';
const control = {
  method: 'POST',
  tag,
  params: Type.Object({ worker: WorkerName }),
  body: Because,
  answer: Done,
  errors: ['worker.unknown', ...storeErrors],
} as const;

export const workerRoutes = {
  listWorkers: {
    method: 'GET',
    path: '/workers',
    tag,
    summary: 'The workers that are there.',
    answer: Type.Array(WorkerView),
    errors: [],
  },
  registerWorker: {
    method: 'POST',
    path: '/workers',
    tag,
    summary: 'A worker process introduces itself.',
    body: RegisterRequest,
    answer: RegisterResponse,
    errors: [
      'worker.protocol',
      'worker.superseded',
      'coordinator.closing',
      'coordinator.crowded',
      ...storeErrors,
    ],
  },
  exchange: {
    method: 'POST',
    path: '/exchange',
    tag,
    summary: 'A worker’s one call: reports and results in, trials and commands out.',
    description:
      'A long poll of up to `waitMs`. Verdicts are per item, in `rejected`; a retry repeats `seq` and ' +
      'gets the same answer.',
    body: ExchangeRequest,
    answer: ExchangeResponse,
    errors: [
      'worker.protocol',
      'worker.slot',
      'worker.unknown',
      'worker.superseded',
      'worker.sequence',
      'coordinator.closing',
      ...storeErrors,
    ],
  },
  pauseWorker: {
    ...control,
    path: '/workers/{worker}/pause',
    summary: 'It gets no new trials; running ones go on.',
  },
  resumeWorker: {
    ...control,
    path: '/workers/{worker}/resume',
    summary: 'Ends a pause or a quarantine.',
  },
  checkpointWorker: {
    ...control,
    path: '/workers/{worker}/checkpoint',
    summary: 'Every trial that it runs is asked to write a checkpoint now, and goes on.',
  },
  drainWorker: {
    ...control,
    path: '/workers/{worker}/drain',
    summary: 'Its trials go back to the front of the queue, and it leaves.',
  },
  stopWorker: {
    ...control,
    path: '/workers/{worker}/stop',
    summary: 'It ends everything at once, and leaves.',
  },
} as const satisfies Record<string, Route>;
