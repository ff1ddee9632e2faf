import { readStudy, type StudySpec } from '@fleetune/core';
import { manualClock } from '@fleetune/platform/manual';
import { expect, test } from 'vitest';
import { predict } from './predict.ts';
import type { AttemptPlan, Workload } from './workload.ts';

const MINUTE_MS = 60_000;

function specOf(more: object = {}): StudySpec {
  const raw = {
    name: 'predicted',
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    command: ['program'],
    budget: { trials: 40 },
    ...more,
  };
  const read = readStudy(raw, { cwd: '/', seed: 1 });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
}

/** Every trial takes a minute; changing trials costs nothing. */
function minutes(plan: Partial<AttemptPlan> = {}): Workload {
  return {
    source: 'test',
    stride: 1,
    startUpMs: () => 0,
    gapMs: () => 0,
    stopMs: () => 0,
    plan: (trial) => ({
      beginMs: 0,
      unitMs: MINUTE_MS,
      reaches: 1,
      end: 'completed',
      valueAt: () => trial,
      ...plan,
    }),
  };
}

const cluster = { workers: 4, slots: 2, deathsPerHour: 0 };

test('equal trials take as many rounds as they need, and all slots are busy', async () => {
  const { finishMs, end, status, attempts } = await predict({
    spec: specOf(),
    cluster,
    workload: minutes(),
    seed: 1,
  });
  expect({ finishMs, end, attempts }).toEqual({
    finishMs: 5 * MINUTE_MS,
    end: 'budget-trials',
    attempts: 40,
  });
  expect(status.trials.completed).toBe(40);
  expect(status.utilization).toMatchObject({ share: 1, allocatedUs: 40 * MINUTE_MS * 1000 });
});

test('the greedy schedule of unequal trials is met', async () => {
  const durationMs = (trial: number): number => (1 + ((trial * 7) % 11)) * 10_000;
  const workload: Workload = {
    ...minutes(),
    plan: (trial) => ({ ...minutes().plan(trial, 1), unitMs: durationMs(trial) }),
  };
  const slots = new Array<number>(8).fill(0);
  for (let trial = 0; trial < 40; trial++) {
    slots.sort((a, b) => a - b);
    slots[0]! += durationMs(trial);
  }
  const { finishMs } = await predict({ spec: specOf(), cluster, workload, seed: 1 });
  expect(finishMs).toBeCloseTo(Math.max(...slots), 3);
});

test('start-up and gaps are what the workload says, and are told apart', async () => {
  const workload = { ...minutes(), startUpMs: () => 6_000, gapMs: () => 3_000 };
  const { finishMs, status } = await predict({ spec: specOf(), cluster, workload, seed: 1 });
  // The gap of a slot's first trial is part of its start-up.
  expect(finishMs).toBe(6_000 + 5 * (3_000 + MINUTE_MS));
  expect(status.utilization!.lossesUs).toMatchObject({
    startUp: 8 * 9_000_000,
    gap: 8 * 4 * 3_000_000,
    tail: 0,
  });
});

test('workers that die lose what they run; the trials are run again and all of them end', async () => {
  const options = { spec: specOf(), cluster: { ...cluster, deathsPerHour: 10 }, seed: 3 };
  const { deaths, status, attempts, finishMs } = await predict({ ...options, workload: minutes() });
  expect(deaths).toBeGreaterThan(0);
  expect(status.trials.completed).toBe(40);
  expect(status.failures.lost).toBe(attempts - 40);
  expect(status.utilization!.lossesUs.lost).toBeGreaterThan(0);
  expect(finishMs).toBeGreaterThan(5 * MINUTE_MS);
});

test('a crash is tried again as often as the study says', async () => {
  const { status, attempts } = await predict({
    spec: specOf({ retries: 2 }),
    cluster,
    workload: minutes({ end: 'crashed' }),
    seed: 1,
  });
  expect(status.trials.failed).toBe(40);
  expect(attempts).toBe(120);
});

test('rungs stop bad trials early', async () => {
  const spec = specOf({ fidelity: { metric: 'epoch', min: 1, max: 9 }, budget: { trials: 90 } });
  const { status, finishMs } = await predict({ spec, cluster, workload: minutes(), seed: 1 });
  const [first, , last] = status.rungs;
  expect(first!.reached).toBe(90);
  expect(last!.reached).toBeLessThan(40);
  expect(finishMs).toBeLessThan((90 / 8) * 9 * MINUTE_MS);
});

test('a trial that is told to stop keeps its slot until it has gone', async () => {
  const spec = specOf({ fidelity: { metric: 'epoch', min: 1, max: 9 }, budget: { trials: 90 } });
  const options = { spec, cluster, seed: 1 };
  const { status } = await predict({ ...options, workload: minutes() });
  const slow = await predict({
    ...options,
    workload: { ...minutes(), stopMs: () => MINUTE_MS / 2 },
  });
  const { stopped } = slow.status.trials;
  expect(stopped).toBe(status.trials.stopped);
  const busyUs = (it: typeof status): number => it.utilization!.busyUs;
  expect(busyUs(slow.status) - busyUs(status)).toBe(((stopped * MINUTE_MS) / 2) * 1000);
});

test('a time budget ends the study, whatever is left', async () => {
  const spec = specOf({ budget: { time: '150s' } });
  const { end, finishMs, status } = await predict({ spec, cluster, workload: minutes(), seed: 1 });
  expect(end).toBe('budget-time');
  expect(finishMs).toBeLessThan(3 * MINUTE_MS);
  expect(status.trials.completed).toBeGreaterThanOrEqual(16);
});

test('trials of a million years take as few steps as those of a minute', async () => {
  const steps = async (unitMs: number): Promise<number> => {
    const clock = manualClock();
    let count = 0;
    const step = (): boolean => ++count > 0 && clock.step();
    const options = { spec: specOf(), cluster, workload: minutes({ unitMs }), seed: 1 };
    const { status } = await predict({ ...options, clock: { ...clock, step } });
    expect(status.trials.completed).toBe(40);
    return count;
  };
  expect(await steps(1e6 * 365 * 24 * 60 * MINUTE_MS)).toBe(await steps(MINUTE_MS));
});

test('the same seed gives the same prediction', async () => {
  const options = { spec: specOf(), cluster: { ...cluster, deathsPerHour: 5 }, seed: 7 };
  const one = await predict({ ...options, workload: minutes() });
  expect(await predict({ ...options, workload: minutes() })).toEqual(one);
});
