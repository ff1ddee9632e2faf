import { describe, expect, it } from 'vitest';
import { bench } from '../test/one-slot.ts';
import { specWith } from '../test/study-driver.ts';
import { utilization } from '../analysis/utilization.ts';

const JOIN = { kind: 'worker-joined', worker: 'v', host: 'h', pid: 1, slots: 2 } as const;
const suggestion = {
  params: { x: 0.5 },
  sampler: 'random',
  reason: { code: 'test', text: 'by the test' },
};

describe('a worker that joins', () => {
  it('again is no event; another incarnation under its name means that the first is lost', () => {
    const study = bench(specWith(), 1);
    study.send({ ...JOIN, incarnation: 'a' });
    study.send({ kind: 'start-attempt', worker: 'v', suggestion });
    study.fresh();
    study.send({ ...JOIN, incarnation: 'a' });
    expect(study.fresh()).toEqual([]);
    study.send({ ...JOIN, incarnation: 'b' });
    expect(study.fresh()).toEqual([
      '0 attempt lost',
      '0 trial-requeued',
      'worker-left',
      'worker-joined',
    ]);
    expect(study.state.workers.get('v')).toMatchObject({ incarnation: 'b' });
  });
});

describe('a slot of a shared worker', () => {
  it('is no study’s own until an attempt takes it, from when it says', () => {
    const study = bench(specWith(), 1);
    study.send({ ...JOIN, shared: true, nowUs: 500 });
    expect(utilization(study.state)).toBeUndefined();
    study.send({ kind: 'start-attempt', worker: 'v', fromUs: 900, suggestion });
    const use = { worker: 'v', slot: 0, spawnedUs: 1000, exitedUs: 1600 };
    study.send({ kind: 'end-attempt', trial: 0, attempt: 1, end: 'completed', use });
    expect(utilization(study.state)).toMatchObject({
      allocatedUs: 700,
      lossesUs: { startUp: 100 },
    });
    study.send({ kind: 'worker-left', worker: 'v', how: 'left', atUs: 2000, idle: [] });
    expect(utilization(study.state)).toMatchObject({ allocatedUs: 1100, lossesUs: { tail: 400 } });
  });

  it('that another study has taken has no tail here; what was its own and idle has', () => {
    const study = bench(specWith(), 1);
    study.send({ ...JOIN, shared: true, nowUs: 0 });
    study.send({ kind: 'start-attempt', worker: 'v', fromUs: 0, suggestion });
    const use = { worker: 'v', slot: 0, spawnedUs: 0, exitedUs: 600 };
    study.send({ kind: 'end-attempt', trial: 0, attempt: 1, end: 'completed', use });
    const left = { kind: 'worker-left', worker: 'v', how: 'left', atUs: 2000 } as const;
    study.send({ ...left, idle: [], elsewhere: [0], fromUs: [null, 1500] });
    expect(utilization(study.state)).toMatchObject({ allocatedUs: 600 + 500 });
  });

  it('whose idle time another study cuts short is left, and may come back', () => {
    const study = bench(specWith(), 1);
    study.send({ ...JOIN, shared: true });
    const run = (trial: number, fromUs: number, spawnedUs: number, exitedUs: number) => {
      study.send({ kind: 'start-attempt', worker: 'v', slot: 1, fromUs, suggestion });
      const use = { worker: 'v', slot: 1, spawnedUs, exitedUs };
      study.send({ kind: 'end-attempt', trial, attempt: 1, end: 'completed', use });
    };
    run(0, 0, 0, 100);
    const slotLeft = { kind: 'slot-left', worker: 'v', slot: 1, atUs: 250 } as const;
    expect(study.send(slotLeft)).toBeUndefined();
    expect(utilization(study.state)).toMatchObject({ allocatedUs: 250, lossesUs: { tail: 150 } });
    run(1, 1000, 1010, 1100);
    expect(utilization(study.state)).toMatchObject({ allocatedUs: 350, gapMs: { max: 0.01 } });
    study.send({ kind: 'start-attempt', worker: 'v', slot: 1, fromUs: 1200, suggestion });
    expect(study.send(slotLeft)).toBe('worker.no-free-slot');
    expect(study.send({ ...slotLeft, worker: 'x' })).toBe('worker.unknown');
  });
});

describe('a worker that leaves without a word', () => {
  it('had its last one at the run’s last sign of life, by the clock that it joined with', () => {
    const study = bench(specWith(), 1);
    study.now = study.state.lastAt;
    study.send({ ...JOIN, shared: true, nowUs: 7_000_000 });
    study.now += 1000;
    study.send({ kind: 'start-attempt', worker: 'v', fromUs: 8_000_000, suggestion });
    study.now += 1000;
    study.report(0, [1]);
    study.now += 60_000;
    study.send({ kind: 'worker-left', worker: 'v', how: 'lost', idle: [], elsewhere: [1] });
    const left = study.log.at(-1)!;
    expect(left).toMatchObject({ kind: 'worker-left', atUs: 9_000_000 });
    expect(utilization(study.state)).toMatchObject({ lossesUs: { lost: 1_000_000 } });
  });

  it('was killed with its run, whatever people changed a day later', () => {
    const study = bench(specWith(), 1);
    study.now = study.state.lastAt;
    study.send({ ...JOIN, nowUs: 7_000_000 });
    study.send({ kind: 'start-attempt', worker: 'v', suggestion });
    study.now += 1000;
    study.report(0, [1]);
    study.now += 86_400_000;
    study.send({ kind: 'enqueue', params: suggestion.params });
    study.send({ kind: 'start-run', slots: 1, keepGoing: false });
    const left = study.log.findLast(({ kind }) => kind === 'worker-left');
    expect(left).toMatchObject({ worker: 'v', atUs: 8_000_000 });
  });
});
