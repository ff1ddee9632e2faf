import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fidelity } from '../../space/study-spec.ts';
import type { Scheduler } from '../scheduler.ts';
import { schedulerContract } from '../testing/scheduler-contract.ts';
import { median, medianRungs } from './median.ts';

const epochs: Fidelity = { metric: 'epoch', min: 1, max: 6 };
const options = { startup: 5, warmup: 0, interval: 1 };

describe('median keeps the contract of schedulers', () => {
  for (const startup of [0, 1, 5]) {
    for (const { title, check } of schedulerContract(() =>
      median({ ...options, startup }, epochs),
    )) {
      it(`startup ${startup}: ${title}`, check);
    }
  }
});

/** The trial's losses are recorded rung by rung. */
function complete(scheduler: Scheduler, curve: readonly number[]): void {
  curve.forEach((loss, rung) => {
    if (!Number.isNaN(loss)) scheduler.record(rung, { loss, passed: curve });
  });
}

describe('medianRungs', () => {
  it('begin at the minimum or after the warm-up, rise by the interval and end at the maximum', () => {
    expect(medianRungs(options, epochs)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(medianRungs({ ...options, warmup: 3, interval: 2 }, epochs)).toEqual([3, 5, 6]);
    expect(medianRungs({ ...options, warmup: 6 }, epochs)).toEqual([6]);
    expect(medianRungs(options, { ...epochs, min: 0.25, max: 1 })).toEqual([0.25, 1]);
  });
});

describe('median', () => {
  it('stops exactly what the rule stops: the best so far against the median of the completed', () => {
    const loss = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(Infinity, -Infinity));
    const curves = fc.array(
      fc.record({
        losses: fc.array(fc.oneof({ weight: 6, arbitrary: loss }, fc.constant(NaN)), {
          minLength: 6,
          maxLength: 6,
        }),
        reaches: fc.constantFrom(2, 4, 6, 6),
      }),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(curves, loss, fc.array(loss, { maxLength: 5 }), (others, last, before) => {
        const scheduler = median(options, epochs);
        const completed: number[][] = [];
        for (const { losses, reaches } of others) {
          const curve = losses.slice(0, reaches);
          complete(scheduler, curve);
          if (reaches === 6 && !Number.isNaN(curve[5])) completed.push(curve);
        }
        const rung = before.length;
        const there = completed.map((curve) => curve[rung]!).filter((one) => !Number.isNaN(one));
        there.sort((a, b) => a - b);
        const half = there.length / 2;
        const middle = (there[Math.ceil(half) - 1]! + there[Math.floor(half)]!) / 2;
        const worse = Math.min(last, ...before) > middle;
        const stops = rung < 5 && completed.length >= 5 && there.length > 0 && worse;
        const { decision, reason } = scheduler.decide(rung, { loss: last, passed: before });
        expect(decision, reason.text).toBe(stops ? 'stop' : 'continue');
      }),
    );
  });

  it('compares with nobody who was stopped, and with nobody before the start-up', () => {
    const scheduler = median({ ...options, startup: 2 }, epochs);
    for (let trial = 0; trial < 9; trial++) complete(scheduler, [0]);
    complete(scheduler, [1, 1, 1, 1, 1, 1]);
    expect(scheduler.decide(0, { loss: 9, passed: [] }).reason.code).toBe('median.startup');
    complete(scheduler, [3, 3, 3, 3, 3, 3]);
    expect(scheduler.decide(0, { loss: 2, passed: [] }).decision).toBe('continue');
    expect(scheduler.decide(0, { loss: 2.1, passed: [] })).toEqual({
      decision: 'stop',
      reason: {
        code: 'median.stop',
        text: 'at epoch 1: behind 1 of 2 completed trials, worse than their median',
      },
    });
  });

  it('forgives a loss that has risen since', () => {
    const scheduler = median({ ...options, startup: 1 }, epochs);
    complete(scheduler, [5, 4, 3, 2, 1, 0]);
    expect(scheduler.decide(2, { loss: 9, passed: [5, 3] }).decision).toBe('continue');
    expect(scheduler.decide(2, { loss: 9, passed: [5, 3.5] }).decision).toBe('stop');
  });

  it('lets pass what nobody has reported at', () => {
    const scheduler = median({ ...options, startup: 1 }, epochs);
    complete(scheduler, [5, NaN, 3, 2, 1, 0]);
    expect(scheduler.decide(1, { loss: 9, passed: [9] }).reason.code).toBe('median.first');
  });
});
