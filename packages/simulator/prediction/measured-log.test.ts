import { readStudy, type StudyEvent, type StudySpec } from '@fleetune/core';
import { expect, test } from 'vitest';
import { measureLog } from './measured-log.ts';
import { measuredWorkload } from './measured-workload.ts';

/** A log with what the test is about; other fields do not matter here. */
function logOf(...bodies: object[]): StudyEvent[] {
  return bodies.map((body, i) => ({ id: i + 1, at: 0, v: 1, ...body }) as unknown as StudyEvent);
}

const joined = { kind: 'worker-joined', worker: 'w', host: 'h', pid: 1, slots: 1 };
const started = (trial: number) => ({
  kind: 'attempt-started',
  trial,
  attempt: 1,
  worker: 'w',
  slot: 0,
});
const reported = (trial: number, at: number, step: number, loss: number) => ({
  kind: 'reports',
  at,
  items: [{ trial, attempt: 1, from: 0, columns: { step: [step], metrics: { loss: [loss] } } }],
});
const ended = (trial: number, spawnedMs: number, exitedMs: number, more: object = {}) => ({
  kind: 'attempt-ended',
  trial,
  attempt: 1,
  end: 'completed',
  reason: { code: 'completed', text: '' },
  use: { worker: 'w', slot: 0, spawnedUs: spawnedMs * 1000, exitedUs: exitedMs * 1000 },
  ...more,
});

function specOf(more: object = {}): StudySpec {
  const raw = {
    name: 'measured',
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    command: ['program'],
    ...more,
  };
  const read = readStudy(raw, { cwd: '/', seed: 1 });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
}

test('start-up, gaps, durations and ends are taken from the log; named waits are no gap', () => {
  const waits = { suggestionUs: 40_000, decisionUs: 0, tailUs: 0, drainedUs: 0 };
  const log = measureLog(
    logOf(
      joined,
      started(0),
      ended(0, 300, 1_300),
      started(1),
      ended(1, 1_350, 1_850, { end: 'crashed', waits }),
      started(2),
      ended(2, 1_860, 9_999, { end: 'lost' }),
    ),
    'loss',
  );
  expect(log.startUpsMs).toEqual([300]);
  expect(log.gapsMs).toEqual([10, 10]);
  expect(log.attempts.map(({ trial, end, busyMs }) => [trial, end, busyMs])).toEqual([
    [0, 'completed', 1_000],
    [1, 'crashed', 500],
  ]);
});

test('with a fidelity, a trial begins, and then goes on step by step as fast as it was', () => {
  const spec = specOf({ fidelity: { metric: 'epoch', min: 1, max: 9 } });
  const log = measureLog(
    logOf(
      joined,
      started(0),
      reported(0, 1_000, 1, 0.9),
      reported(0, 1_200, 3, 0.7),
      ended(0, 0, 1_250, { end: 'stopped' }),
    ),
    'loss',
  );
  const workload = measuredWorkload(spec, log)(7);
  const plan = workload.plan(0, 1);
  // 100 ms a step, three steps of 1250 ms: the rest was there before the first.
  expect(plan).toMatchObject({ beginMs: 950, unitMs: 100, reaches: 1, end: 'completed' });
  expect(plan.valueAt(3)).toBeCloseTo(0.7);
  expect(workload.stride).toBe(2);
});

test('how long a trial takes to go when it is told to stop is no part of its steps', () => {
  const spec = specOf({ fidelity: { metric: 'epoch', min: 1, max: 9 } });
  const log = measureLog(
    logOf(
      joined,
      started(0),
      reported(0, 1_200, 1, 0.9),
      ended(0, 0, 2_000, { end: 'stopped', at: 2_000 }),
    ),
    'loss',
  );
  const workload = measuredWorkload(spec, log)(7);
  expect(workload.plan(0, 1)).toMatchObject({ beginMs: 0, unitMs: 1_200 });
  expect(workload.stopMs(0, 1)).toBe(800);
});

test('a trial that reported once began like the others, at most half of its time', () => {
  const spec = specOf({ fidelity: { metric: 'epoch', min: 1, max: 9 } });
  const known = [
    started(0),
    reported(0, 1_100, 1, 0.9),
    reported(0, 1_300, 3, 0.7),
    ended(0, 0, 1_300, { at: 1_300 }),
  ];
  const planOf = (ms: number) => {
    const once = [started(1), reported(1, ms, 1, 0.9), ended(1, 0, ms, { at: ms })];
    const log = measureLog(logOf(joined, ...known, ...once), 'loss');
    const { plan } = measuredWorkload(spec, log)(7);
    const plans = Array.from({ length: 20 }, (_, trial) => plan(trial, 1));
    return plans.find(({ beginMs, unitMs }) => Math.round(beginMs + unitMs) === ms);
  };
  // The other one: 1,000 ms, and then 100 ms a step.
  expect(planOf(3_000)).toMatchObject({ beginMs: 1_000, unitMs: 2_000 });
  expect(planOf(500)).toMatchObject({ beginMs: 250, unitMs: 250 });
});

test('each trial is one of the log, the same whenever it is asked for, another one by another seed', () => {
  const trials = Array.from({ length: 20 }, (_, trial) => [
    started(trial),
    ended(trial, trial * 1_000, trial * 1_000 + 100 + trial),
  ]).flat();
  const workloads = measuredWorkload(specOf(), measureLog(logOf(joined, ...trials), 'loss'));
  const durations = (seed: number): number[] =>
    Array.from({ length: 50 }, (_, trial) => workloads(seed).plan(trial, 1).unitMs);
  expect(durations(1)).toEqual(durations(1));
  expect(durations(1)).not.toEqual(durations(2));
  for (const ms of durations(1)) expect(ms >= 100 && ms < 120).toBe(true);
});

test('a log without an end, and one of another version, are refused', () => {
  const empty = measureLog(logOf(joined, started(0)), 'loss');
  expect(() => measuredWorkload(specOf(), empty)).toThrow(
    expect.objectContaining({ code: 'simulate.no-durations' }),
  );
  expect(() => measureLog(logOf({ ...joined, v: 2 }), 'loss')).toThrow(
    expect.objectContaining({ code: 'simulate.log-version' }),
  );
});
