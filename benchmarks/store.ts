// Durable commands per second: one at a time, and as many at once as a busy coordinator has, beside the rate at which
// the disk itself makes a write durable.

import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore, type Append, type Store } from '@fleetune/coordinator/store';
import type { StudySpec, TrialState } from '@fleetune/core';
import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';

const runs = 5;
const windowMs = 1000;
const atOnce = 256;

export const bench: Bench = {
  summary: 'durable commands per second, one at a time and grouped, beside the fsync of the disk',
  async *run(): AsyncIterable<Measured> {
    // In the checkout: the folder for temporary files is often in memory, where everything is quick and nothing durable.
    const folder = mkdtempSync(join(import.meta.dirname, '../.tools/bench-'));
    try {
      yield* measure(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function* measure(folder: string): AsyncIterable<Measured> {
  const store = sqliteStore(join(folder, 'fleetune.db'));
  const append = appender(store);
  const rates = { disk: [] as number[], single: [] as number[], grouped: [] as number[] };
  for (let run = 0; run < runs; run += 1) {
    rates.disk.push(diskRate(join(folder, 'disk')));
    rates.single.push(await rate(1, append));
    rates.grouped.push(await rate(atOnce, append));
  }
  await store.close();
  const [single, grouped] = [median(rates.single), median(rates.grouped)];
  const common = { better: 'higher', runs } as const;
  const peers = { 'fdatasync of 4 kB': median(rates.disk) };
  yield { case: 'one at a time', value: single, unit: '/s', peers, ...common };
  yield { case: `grouped, ${atOnce} at once`, value: grouped, unit: '/s', peers, ...common };
  yield { case: 'grouped / single', value: grouped / single, unit: '×', goal: 20, ...common };
}

/** Each of `lanes` sends its next command when its last one is durable. */
async function rate(lanes: number, append: () => Promise<void>): Promise<number> {
  const start = performance.now();
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - start < windowMs) {
      await append();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (done / (performance.now() - start)) * 1000;
}

function diskRate(file: string): number {
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(4096, 1);
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < windowMs) {
    writeSync(descriptor, block);
    fdatasyncSync(descriptor);
    done += 1;
  }
  closeSync(descriptor);
  return (done / (performance.now() - start)) * 1000;
}

/** Appends what one exchange of a worker brings: a report, and the rows that it changes. */
function appender(store: Store): () => Promise<void> {
  const { id: study } = store.createStudy('bench', spec, 0);
  let event = 0;
  return () => {
    event += 1;
    const columns = { step: [event], metrics: { value: [event] } };
    const append: Append = {
      study,
      events: [
        {
          id: event,
          at: event,
          kind: 'reports',
          v: 1,
          items: [{ trial: event % 100, attempt: 1, from: event, columns }],
        },
      ],
      row: { lastEvent: event, state: 'running', trials },
      trials: [
        {
          number: event % 100,
          state: 'running',
          params: { x: 0.5 },
          attempts: 1,
          sampler: 'random',
          metrics: { value: event },
          reports: event,
          createdAt: 0,
          reason: 'reported',
        },
      ],
    };
    return store.append(() => append);
  };
}

const trials: Record<TrialState, number> = {
  queued: 0,
  running: 100,
  paused: 0,
  completed: 0,
  stopped: 0,
  failed: 0,
  infeasible: 0,
  cancelled: 0,
};

const spec: StudySpec = {
  name: 'bench',
  objective: { metric: 'value', direction: 'minimize' },
  space: [{ name: 'x', type: 'float', low: 0, high: 1, log: false }],
  constraints: [],
  sampler: { type: 'random' },
  scheduler: { type: 'fifo' },
  budget: {},
  setup: [],
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
