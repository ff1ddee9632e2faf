import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bench, type Bench } from '../test/one-slot.ts';
import { specWith, withoutFidelity } from '../test/study-driver.ts';
import { predictedMs, usualLength, type UsualLength } from './trial-length.ts';

// The driver's worker keeps its own clock.
let clockUs = 0;

/** A trial that reports these steps at so many milliseconds each, and then ends. */
function ran(study: Bench, steps: number[], msPerStep: number, end = 'completed' as const): void {
  const trial = study.start();
  study.report(
    trial,
    steps.map(() => 1),
    steps,
  );
  const busyUs = steps.length * msPerStep * 1000;
  const use = { worker: 'w', slot: 0, spawnedUs: clockUs, exitedUs: (clockUs += busyUs) };
  const { attempts } = study.state.trials[trial]!;
  study.send({ kind: 'end-attempt', trial, attempt: attempts.length, end, use });
}

const upTo = (last: number, from = 1) =>
  Array.from({ length: last - from + 1 }, (_, index) => from + index);

describe('the usual length of a trial', () => {
  it('is unknown before the first one has ended, and then a recent median', () => {
    clockUs = 0;
    const study = bench(withoutFidelity({ budget: { trials: 200 } }), 1);
    expect(usualLength(study.state)).toBeUndefined();
    for (const ms of [900, 500, 10, 700, 600]) ran(study, [1], ms);
    expect(usualLength(study.state)).toEqual({ paceMs: 600, reached: [] });
    for (let i = 0; i < 31; i += 1) ran(study, [1], 20);
    expect(usualLength(study.state)!.paceMs).toBe(20);
  });

  it('with a fidelity is the pace, of the steps that the last attempt did itself', () => {
    clockUs = 0;
    const fifo = { scheduler: { type: 'fifo' as const } };
    const study = bench(specWith({ ...fifo, budget: { trials: 200 } }), 1);
    study.start();
    study.report(0, [1, 1, 1, 1, 1], upTo(5));
    study.send({ kind: 'drain-trial', trial: 0, reason: { code: 'user', text: 'tea' } });
    study.end(0, 'preempted');
    // It goes on from its checkpoint.
    ran(study, upTo(9, 6), 100);
    expect(usualLength(study.state)).toEqual({ paceMs: 100, reached: [9] });
  });
});

describe('the predicted length', () => {
  const usual: UsualLength = { paceMs: 10, reached: [1, 1, 1, 3, 9, 27] };

  it('of a new trial ends where most do; one that is resumed has only the rest to go', () => {
    const at = (step: number) => predictedMs(usual, { step, target: 27 });
    expect(at(0)).toBe(30);
    expect(at(1)).toBe(80);
    expect(at(20)).toBe(70);
    expect(at(27)).toBe(0);
    expect(predictedMs({ paceMs: 10, reached: [1] }, { step: 2, target: 27 })).toBe(250);
    expect(predictedMs({ paceMs: 10, reached: [] }, {})).toBe(10);
  });

  it('is never negative, never beyond the target, and grows with the pace alone', () => {
    const lengths = fc.record({
      paceMs: fc.integer({ min: 1, max: 1000 }),
      reached: fc.array(fc.integer({ min: 1, max: 30 })).map((all) => all.sort((a, b) => a - b)),
    });
    fc.assert(
      fc.property(lengths, fc.nat(30), fc.integer({ min: 1, max: 30 }), (it, step, target) => {
        const ms = predictedMs(it, { step, target });
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(Math.max(0, target - step) * it.paceMs);
        expect(predictedMs({ ...it, paceMs: 2 * it.paceMs }, { step, target })).toBe(2 * ms);
        const ends = (step * it.paceMs + ms) / it.paceMs;
        if (target > step) expect([...it.reached, target]).toContain(ends);
        if (target > step) expect(ends).toBeGreaterThan(step);
      }),
      { seed: 20261124 },
    );
  });
});
