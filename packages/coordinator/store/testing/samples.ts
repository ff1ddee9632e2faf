// Small studies, events and rows for tests of stores.

import type { StudyEvent, StudySpec } from '@fleetune/core';
import { processStart } from '@fleetune/platform/node';
import type { Append, Owner, TrialRow } from '../store.ts';

export const sampleSpec: StudySpec = {
  name: 'sample',
  objective: { metric: 'accuracy', direction: 'maximize' },
  space: [{ name: 'lr', type: 'float', low: 1e-5, high: 0.1, log: true }],
  constraints: [],
  sampler: { type: 'random' },
  scheduler: { type: 'fifo' },
  budget: { trials: 10 },
  setup: [],
  command: ['train', '{lr}'],
  cwd: '/',
  env: {},
  metrics: { from: 'stdout-json' },
  extraMetrics: [],
  resources: { cpus: 1, gpus: 0 },
  engine: { type: 'local', slots: 1 },
  limits: { graceMs: 5000 },
  retries: { crashed: 0 },
  seed: 1,
  reproducible: false,
};

/** A `reports` event that can be told from every other one. */
export function sampleEvent(id: number): StudyEvent {
  const columns = { step: [id], metrics: { accuracy: [id / 1000, 'NaN' as const, null] } };
  const items = [{ trial: id % 7, attempt: 1, from: id, columns }];
  return { id, at: 1_700_000_000_000 + id + 0.5, kind: 'reports', v: 1, items };
}

/** Events first … last and the rows after them. */
export function sampleAppend(study: number, first: number, last = first): Append {
  const events = Array.from({ length: last - first + 1 }, (_, i) => sampleEvent(first + i));
  return { study, events, row: sampleRow(last), trials: [sampleTrial(last % 7, last)] };
}

function sampleRow(lastEvent: number): Append['row'] {
  const trials = { queued: 0, running: 1, paused: 0, completed: lastEvent };
  const ended = { stopped: 0, failed: 0, infeasible: 0, cancelled: 0 };
  const incumbent = { trial: lastEvent % 7, value: lastEvent / 1000, step: 3 };
  return { lastEvent, state: 'running', trials: { ...trials, ...ended }, incumbent };
}

export function sampleTrial(number: number, reports = 0): TrialRow {
  return {
    number,
    state: 'running',
    params: { lr: 0.001, act: 'relu', nested: null, flag: true },
    attempts: 1,
    sampler: 'random',
    metrics: {},
    reports,
    createdAt: 1_700_000_000_000.25,
    reason: 'started',
  };
}

export function sampleOwner(change: Partial<Owner> = {}): Owner {
  const { pid } = process;
  const startedAt = processStart(pid) ?? 0;
  const where = { host: 'here', url: 'http://127.0.0.1:1', tokenFile: '/token' };
  return { pid, startedAt, ...where, ...change };
}
