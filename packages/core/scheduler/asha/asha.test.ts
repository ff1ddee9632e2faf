import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arrival } from '../scheduler.ts';
import { schedulerContract } from '../testing/scheduler-contract.ts';
import { asha, ladder } from './asha.ts';

const at = (loss: number): Arrival => ({ loss, passed: [] });
const epochs = { metric: 'epoch', min: 1, max: 27 };

describe('asha keeps the contract of schedulers', () => {
  for (const eta of [2, 3, 4]) {
    for (const { title, check } of schedulerContract(() => asha(eta, epochs))) {
      it(`eta ${eta}: ${title}`, check);
    }
  }
});

describe('ladder', () => {
  it('rises by eta and ends at the maximum', () => {
    expect(ladder(3, epochs)).toEqual([1, 3, 9, 27]);
    expect(ladder(3, { ...epochs, max: 30 })).toEqual([1, 3, 9, 27, 30]);
    expect(ladder(4, { ...epochs, min: 2, max: 2 })).toEqual([2]);
  });
});

describe('asha', () => {
  it('lets exactly those go on whose rank is within max(1, ceil(n / eta))', () => {
    const losses = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(losses, fc.integer({ min: 2, max: 5 }), (arrivals, eta) => {
        const scheduler = asha(eta, epochs);
        const table: number[] = [];
        for (const loss of arrivals) {
          const rank = table.filter((other) => other < loss).length + 1;
          const lives = rank <= Math.max(1, Math.ceil((table.length + 1) / eta));
          expect(scheduler.decide(0, at(loss)).decision).toBe(lives ? 'continue' : 'stop');
          scheduler.record(0, at(loss));
          table.push(loss);
        }
      }),
    );
  });

  it('never stops a trial at the full evaluation', () => {
    const scheduler = asha(3, epochs);
    for (let loss = 0; loss < 20; loss++) {
      expect(scheduler.decide(3, at(loss)).decision).toBe('continue');
      scheduler.record(3, at(loss));
    }
  });

  it('says the rank, the number and how many go on', () => {
    const scheduler = asha(3, epochs);
    for (let loss = 0; loss < 8; loss++) scheduler.record(1, at(loss));
    expect(scheduler.decide(1, at(5.5)).reason).toEqual({
      code: 'asha.stop',
      text: 'at epoch 3: 7th of 9, the best 3 go on',
    });
  });

  it('takes an infinitely bad loss as the last, and NaN in a record likewise', () => {
    const scheduler = asha(3, epochs);
    scheduler.record(0, at(NaN));
    expect(scheduler.decide(0, at(Infinity)).decision).toBe('continue');
    scheduler.record(0, at(1));
    expect(scheduler.decide(0, at(Infinity)).decision).toBe('stop');
  });
});
