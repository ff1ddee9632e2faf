import { expect, test } from 'vitest';
import { errorInfo } from '../errors/index.ts';
import { attemptRecord, trialRecord } from './records.ts';
import type { AttemptRecord, TrialRecord } from './state.ts';

const reason = { code: 'completed', text: 'ran to its end' };

/** With all that a record can have, so that a new key has to come in here. */
const attempt: Required<AttemptRecord> = {
  worker: 'w',
  slot: 1,
  startedAt: 20,
  fidelityTarget: 9,
  reserve: true,
  rows: 2,
  step: 9,
  endedAt: 50,
  end: 'stopped',
  told: 'completed',
  reason,
  exit: { code: 0 },
  busyUs: 30_000,
};

const trial: Required<TrialRecord> = {
  number: 3,
  state: 'stopped',
  params: { x: 0.5 },
  sampler: 'tpe',
  origin: { code: 'tpe', text: 'best of 24' },
  reason,
  attempts: [attempt],
  createdAt: 10,
  startedAt: 20,
  endedAt: 50,
  createdEvent: 4,
  endedEvent: 12,
  passed: [0.3, NaN, 0.1],
  value: 0.1,
  step: 9,
  metrics: { loss: 0.1 },
  reports: 2,
  recent: [1, 0.3, 9, 0.1],
  warnings: [errorInfo('report.no-step', 'trial 3', { metric: 'epoch', step: 9 })],
  stopping: { as: 'stopped', reason },
  used: { crashed: 1 },
  solo: true,
  ticket: 4,
  stoppedRung: 1,
  discarded: true,
  corrected: { by: 'me', reason },
  outside: ['y'],
  tail: ['Traceback'],
};

test('a record says all that is known', () => {
  expect(trialRecord(trial)).toEqual(trial);
  expect(attemptRecord(attempt)).toEqual(attempt);
});

test('its keys are in one order, however they came', () => {
  const backwards = Object.fromEntries(Object.entries(trial).reverse()) as typeof trial;
  expect(JSON.stringify(trialRecord(backwards))).toBe(JSON.stringify(trialRecord(trial)));
});
