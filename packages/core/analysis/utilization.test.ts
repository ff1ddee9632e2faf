import { describe, expect, it } from 'vitest';
import { bench } from '../test/one-slot.ts';
import { specWith } from '../test/study-driver.ts';
import type { AttemptEnd, Waits } from '../study/event.ts';
import { utilization } from './utilization.ts';
import { utilizationAdvice } from './utilization-advice.ts';

const noWaits: Waits = { suggestionUs: 0, decisionUs: 0, tailUs: 0, drainedUs: 0 };

function oneSlot() {
  const study = bench(specWith(), 1);
  const run = (
    spawnedUs: number,
    exitedUs: number,
    end: AttemptEnd,
    waits: Partial<Waits> = {},
  ) => {
    const trial = study.start();
    study.report(trial, [1]);
    study.send({
      kind: 'end-attempt',
      trial,
      attempt: study.state.trials[trial]!.attempts.length,
      end,
      use: { worker: 'w', slot: 0, spawnedUs, exitedUs },
      waits: { ...noWaits, ...waits },
    });
  };
  const leave = (atUs: number, idle: Partial<Waits> = {}) =>
    study.send({
      kind: 'worker-left',
      worker: 'w',
      how: 'left',
      atUs,
      idle: [{ ...noWaits, ...idle }],
    });
  return { study, run, leave };
}

describe('the ledger of slot time', () => {
  it('names every microsecond of a slot', () => {
    const { study, run, leave } = oneSlot();
    run(100, 1100, 'completed');
    run(1150, 2150, 'completed', { suggestionUs: 30 });
    run(2160, 2260, 'crashed');
    run(2300, 3300, 'completed', { decisionUs: 25, tailUs: 5 });
    leave(4000, { tailUs: 500, drainedUs: 100 });
    const view = utilization(study.state)!;
    expect(view).toMatchObject({
      allocatedUs: 4000,
      busyUs: 3000,
      lossesUs: {
        startUp: 100,
        gap: 20 + 10 + 10,
        suggestion: 30,
        decision: 25,
        tail: 5 + 500 + 100,
        drained: 100,
        lost: 100,
      },
      share: 0.75,
      largestLoss: { category: 'tail', share: 605 / 4000 },
      gapMs: { count: 3, max: 0.05 },
    });
    expect(view.shareWithoutTail).toBeCloseTo(3000 / (4000 - 605), 12);
  });

  it('gives the time of an attempt that nobody saw end to lost work', () => {
    const { study, run, leave } = oneSlot();
    run(100, 1100, 'completed');
    study.start();
    leave(3000);
    expect(utilization(study.state)!).toMatchObject({
      busyUs: 1000,
      lossesUs: { startUp: 100, lost: 1900, tail: 0 },
    });
  });

  it('takes names for no more idle time than there was, and no time twice', () => {
    const { study, run, leave } = oneSlot();
    run(100, 1100, 'completed');
    run(900, 1300, 'completed', { suggestionUs: 1e9 });
    run(1400, 1500, 'completed', { suggestionUs: 1e9, decisionUs: 1e9 });
    leave(10);
    expect(utilization(study.state)!).toMatchObject({
      allocatedUs: 1500,
      busyUs: 1000 + 200 + 100,
      lossesUs: { startUp: 100, suggestion: 100, decision: 0, gap: 0 },
    });
  });

  it('counts what is under way in the live view, exactly', () => {
    const { study, run } = oneSlot();
    run(100, 1100, 'completed');
    const idle = utilization(study.state, [
      { worker: 'w', nowUs: 1500, slots: [{ waits: { ...noWaits, decisionUs: 150 } }] },
    ])!;
    expect(idle).toMatchObject({ allocatedUs: 1500, lossesUs: { decision: 150, tail: 250 } });
    study.start();
    const busy = utilization(study.state, [
      { worker: 'w', nowUs: 2000, slots: [{ sinceUs: 1200, waits: noWaits }] },
      { worker: 'gone', nowUs: 9, slots: [] },
    ])!;
    expect(busy).toMatchObject({ allocatedUs: 2000, busyUs: 1800, lossesUs: { gap: 100 } });
    expect(utilization(study.state)!.allocatedUs).toBe(1100);
  });

  it('blames slots that were kept empty on the trials that needed a worker for themselves', () => {
    const { study, run, leave } = oneSlot();
    run(100, 1100, 'completed');
    leave(2000, { decisionUs: 900 });
    const [largest] = utilizationAdvice(utilization(study.state)!);
    expect(largest).toMatchObject({ category: 'decision' });
    expect(largest!.text).toMatch(/worker for itself/);
  });

  it('is absent before anything was allocated', () => {
    expect(utilization(oneSlot().study.state)).toBeUndefined();
  });
});
