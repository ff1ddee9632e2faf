import { describe, expect, it } from 'vitest';
import { bench, type Bench } from '../test/one-slot.ts';
import { specWith, withoutFidelity } from '../test/study-driver.ts';
import { remainingMs } from './remaining-time.ts';

const eta = (study: Bench): number | undefined => remainingMs(study.state, study.now);

describe('the time left', () => {
  it('is estimated from the durations so far and the slots', () => {
    const study = bench(withoutFidelity({ budget: { trials: 11 } }), 2);
    expect(eta(study)).toBeUndefined();
    study.start();
    study.now += 1000;
    study.report(0, [1]);
    study.end(0, 'completed');
    // Ten trials of a second on two slots.
    expect(eta(study)).toBe(5000);
    study.start();
    study.now += 400;
    expect(eta(study)).toBe((9000 + 600) / 2);
  });

  it('is no less than the longest trial needs, and unknown when that outlasts every expectation', () => {
    const study = bench(withoutFidelity({ budget: { trials: 2 } }), 2);
    study.start();
    study.now += 1000;
    study.report(0, [1]);
    study.end(0, 'completed');
    study.start();
    study.now += 300;
    expect(eta(study)).toBe(700);
    study.now += 900;
    expect(eta(study)).toBeUndefined();
  });

  it('of trials that passed a rung is their steps still to go, however many were stopped early', () => {
    const study = bench(specWith({ budget: { trials: 7 } }), 2);
    const startedUs = (study.now - 1_000_000) * 1000;
    const best = study.start();
    study.report(best, [0.1, 0.1, 0.1, 0.1]);
    // Five that the scheduler stops at the first rung, in a second each.
    for (let i = 0; i < 5; i++) {
      const trial = study.start();
      study.report(trial, [0.9]);
      study.now += 1000;
      const [spawnedUs, exitedUs] = [i, i + 1].map((second) => startedUs + second * 1e6);
      const use = { worker: 'w', slot: 1, spawnedUs: spawnedUs!, exitedUs: exitedUs! };
      study.send({ kind: 'end-attempt', trial, attempt: 1, end: 'stopped', use });
    }
    // Five steps of the best, and one more trial like those: on two slots the best one is the longer.
    expect(eta(study)).toBe(5000);
    study.report(best, [0.1, 0.1, 0.1]);
    expect(eta(study)).toBe(2000);
  });
});
