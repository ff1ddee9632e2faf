import { describe, expect, test } from 'vitest';
import { readStudy } from './read-study.ts';

describe('the spec', () => {
  const specOf = (raw: Record<string, unknown>) => {
    const read = readStudy(raw, { cwd: '/study', seed: 11, name: 'folder' });
    if ('errors' in read) throw new Error(JSON.stringify(read.errors));
    return read.spec;
  };
  const least = {
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    command: 'train {x}',
  };

  const full = {
    ...least,
    name: 'digits-mlp',
    fidelity: { metric: 'epoch', min: 1, max: 27 },
    sampler: { type: 'tpe', startup: 12, candidates: 30 },
    scheduler: { type: 'asha', eta: 4 },
    budget: { trials: 200, time: '30m', target: 0.995 },
    command: ['python3', 'train.py', '--x', '{x}', ['--y', '{x}'], 3],
    metrics: { regex: { loss: 'loss=(.*)', epoch: 'epoch ([0-9]+)', acc: 'acc=(.*)' } },
    env: { THREADS: 1, TOKEN: { from: 'env' }, KEY: { from: 'file', name: 'key.txt' } },
    resources: { cpus: 2, gpus: 0.5, memory: '2GiB' },
    limits: { trial: '10m', silence: '2m', grace: '5s' },
    retries: { crashed: 1 },
    seed: 7,
    reproducible: true,
  };

  test('has every default', () => {
    expect(specOf(least)).toEqual({
      ...least,
      name: 'folder',
      space: [{ name: 'x', type: 'float', low: 0, high: 1, log: false }],
      constraints: [],
      sampler: { type: 'auto' },
      scheduler: { type: 'fifo' },
      budget: { trials: 100 },
      setup: [],
      cwd: '/study',
      env: {},
      metrics: { from: 'stdout-json' },
      extraMetrics: [],
      resources: { cpus: 1, gpus: 0 },
      engine: { type: 'local', slots: 1 },
      limits: { graceMs: 10_000 },
      retries: { crashed: 2 },
      seed: 11,
      reproducible: false,
    });
  });

  test('has what the file says', () => {
    expect(specOf(full)).toMatchObject({
      name: 'digits-mlp',
      fidelity: { metric: 'epoch', min: 1, max: 27 },
      sampler: { type: 'tpe', startup: 12, candidates: 30 },
      scheduler: { type: 'asha', eta: 4 },
      budget: { trials: 200, timeMs: 1_800_000, target: 0.995 },
      command: ['python3', 'train.py', '--x', '{x}', ['--y', '{x}'], '3'],
      metrics: { from: 'regex' },
      extraMetrics: ['acc'],
      env: {
        THREADS: '1',
        TOKEN: { from: 'env', name: 'TOKEN' },
        KEY: { from: 'file', name: 'key.txt' },
      },
      resources: { cpus: 2, gpus: 0.5, memoryMb: 2147 },
      limits: { trialMs: 600_000, silenceMs: 120_000, graceMs: 5000 },
      retries: { crashed: 1 },
      seed: 7,
      reproducible: true,
    });
  });

  test('short forms mean the long ones', () => {
    const fidelity = { metric: 'epoch', max: 9 };
    const short = { ...least, fidelity, sampler: 'tpe', engine: 'local', retries: 0 };
    expect(specOf({ ...short, scheduler: 'asha' })).toMatchObject({
      sampler: {
        type: 'tpe',
        startup: 10,
        ended: 3,
        initial: 'sobol',
        candidates: 24,
        perPending: 2,
        weights: 'rank',
        smoothing: 0.2,
        liar: 0.1,
      },
      scheduler: { type: 'asha', eta: 3 },
      engine: { type: 'local', slots: 1 },
      retries: { crashed: 0 },
    });
    expect(specOf({ ...least, metrics: { file: 'm.jsonl' } }).metrics).toEqual({
      from: 'file',
      path: 'm.jsonl',
    });
  });

  test('retries of one class leave those of the others as they are', () => {
    const retries = { 'timed-out': 1 };
    expect(specOf({ ...least, retries }).retries).toEqual({ crashed: 2, 'timed-out': 1 });
    expect(specOf({ ...least, invalidMetric: 'worst' }).invalidMetric).toBe('worst');
    expect(specOf(least)).not.toHaveProperty('invalidMetric');
  });

  test('a fidelity makes asha the scheduler', () => {
    const spec = specOf({ ...least, fidelity: { metric: 'epoch', max: 9 } });
    expect(spec).toMatchObject({
      fidelity: { metric: 'epoch', min: 1, max: 9 },
      scheduler: { type: 'asha', eta: 3 },
    });
  });

  test('median compares as often as 300 comparisons allow, and has the constants of Optuna', () => {
    const usual = { type: 'median', startup: 5, warmup: 0, interval: 1 };
    const schedulerFor = (max: number, scheduler: unknown) =>
      specOf({ ...least, fidelity: { metric: 'epoch', max }, scheduler }).scheduler;
    expect(schedulerFor(300, 'median')).toEqual(usual);
    expect(schedulerFor(1000, 'median')).toEqual({ ...usual, interval: 4 });
    const given = { type: 'median', startup: 2, warmup: 901, interval: 3 };
    expect(schedulerFor(1000, given)).toEqual(given);
  });

  test('a budget of time has no limit of trials', () => {
    expect(specOf({ ...least, budget: { time: '1h30m' } }).budget).toEqual({ timeMs: 5_400_000 });
    expect(specOf({ ...least, budget: { target: 1 } }).budget).toEqual({ trials: 100, target: 1 });
  });

  test('the upper bound of a stepped range is its last value', () => {
    const space = {
      x: { type: 'int', low: 1, high: 100, step: 5 },
      y: { type: 'float', low: 0, high: 1, step: 0.3 },
      z: { type: 'float', low: 0, high: 0.3, step: 0.1 },
    };
    const spec = specOf({ ...least, space });
    expect(spec.space).toMatchObject([{ high: 96 }, { high: 0.9 }, { high: 0.3 }]);
  });

  test('is plain JSON', () => {
    const spec = specOf(full);
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
  });
});
