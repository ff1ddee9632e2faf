import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { readStudy, type StudySpec } from '@fleetune/core';
import { expect, test } from 'vitest';
import type { MeasuredLog } from './measured-log.ts';
import { predict } from './predict.ts';
import { workloadsOf, type Programs } from './programs.ts';
import { predictInThreads, threadsFor } from './simulation-threads.ts';

const entry = fileURLToPath(new URL('./testing/thread-entry.ts', import.meta.url));

const spec = ((): StudySpec => {
  const raw = {
    name: 'simulated',
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    command: ['program'],
    fidelity: { metric: 'epoch', min: 1, max: 9 },
    budget: { trials: 60 },
  };
  const read = readStudy(raw, { cwd: '/', seed: 1 });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
})();

const log: MeasuredLog = {
  attempts: [0, 1, 2, 3].map((trial) => ({
    trial,
    end: trial === 3 ? 'crashed' : 'completed',
    busyMs: 900 + 70 * trial,
    step: 9,
    unitMs: 90 + trial / 3,
  })),
  curves: new Map(
    [0, 1, 2].map((trial) => [trial, { steps: [1, 9], values: [2, 1 / (2 + trial)] }]),
  ),
  startUpsMs: [300, 1000 / 3],
  gapsMs: [2, 3],
  stopsMs: [],
  strides: [1],
};

const clusters = [
  { workers: 8, slots: 1, deathsPerHour: 0 },
  { workers: 3, slots: 2, deathsPerHour: 40 },
];
const simulations = clusters.flatMap((cluster) => [1, 2].map((seed) => ({ cluster, seed })));

test.each<[string, Programs]>([
  ['a distribution', { medianMs: 60_000, sigma: 0.5 }],
  ['a log', log],
])(
  'what threads simulate from %s is, to the last digit, what is simulated here',
  async (_, programs) => {
    const here = [];
    for (const { cluster, seed } of simulations) {
      const workload = workloadsOf(spec, programs)(seed);
      here.push(await predict({ spec, cluster, workload, seed }));
    }
    const counts: number[] = [];
    const onProgress = (ended: number): void => void counts.push(ended);
    const study = { spec, programs };
    const there = await predictInThreads({ entry, study, simulations, atOnce: 2, onProgress });
    expect(there).toEqual(here);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBe(here.reduce((sum, { attempts }) => sum + attempts, 0));
  },
);

test('whoever waits for threads fails with what one of them fails with', async () => {
  const programs = { ...log, strides: undefined } as unknown as Programs;
  const study = { spec, programs };
  const onProgress = (): void => undefined;
  const there = predictInThreads({ entry, study, simulations, atOnce: 2, onProgress });
  await expect(there).rejects.toThrow("reading 'toSorted'");
});

test('a cluster that is too large for the memory of a thread is an error that says so', async () => {
  // Of threads that are started from now on; 0 is the usual limit.
  setFlagsFromString('--max-old-space-size=40');
  try {
    const study = { spec, programs: log };
    const simulations = [{ cluster: { workers: 20_000, slots: 1, deathsPerHour: 0 }, seed: 1 }];
    const onProgress = (): void => undefined;
    await expect(
      predictInThreads({ entry, study, simulations, atOnce: 1, onProgress }),
    ).rejects.toMatchObject({ info: { code: 'simulate.memory', place: 'simulated' } });
  } finally {
    setFlagsFromString('--max-old-space-size=0');
  }
});

test('as many threads as have something to do, and at least one', () => {
  const cluster = { workers: 1, slots: 1, deathsPerHour: 0 };
  expect(threadsFor(cluster, 1, 10)).toBe(1);
  expect(threadsFor({ ...cluster, workers: 1_000 }, 9, 10)).toBe(threadsFor(cluster, 9, 8_000));
  const many = threadsFor(cluster, 1_000, 1_000);
  expect(many).toBeGreaterThanOrEqual(1);
  expect(threadsFor(cluster, 1_000, undefined)).toBe(many);
  expect(threadsFor(cluster, 1_000, 1e12)).toBe(1);
});
