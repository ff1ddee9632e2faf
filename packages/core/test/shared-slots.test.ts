// Goal: every microsecond of a shared slot is in the ledger of exactly one study, or of none while
// no study was active. Method: random studies share one worker, beside an account of whose each
// slot was when; after each step the ledgers, open time included, sum to that account.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedCluster, type SharedCluster } from './shared-cluster.ts';

const STUDIES = 3;
const study = fc.nat(STUDIES - 1);
const slot = fc.nat(2);

type Step = (cluster: SharedCluster) => void;

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.nat(1000).map(
        (us): Step =>
          (it) =>
            it.pass(us),
      ),
    },
    {
      weight: 2,
      arbitrary: study.map(
        (k): Step =>
          (it) =>
            it.activate(k),
      ),
    },
    {
      weight: 1,
      arbitrary: study.map(
        (k): Step =>
          (it) =>
            it.deactivate(k),
      ),
    },
    {
      weight: 6,
      arbitrary: fc.tuple(study, slot).map(
        ([k, i]): Step =>
          (it) =>
            it.start(k, i),
      ),
    },
    {
      weight: 2,
      arbitrary: slot.map(
        (i): Step =>
          (it) =>
            it.reserve(i),
      ),
    },
    {
      weight: 5,
      arbitrary: slot.map(
        (i): Step =>
          (it) =>
            it.end(i),
      ),
    },
  ),
  { minLength: 1, maxLength: 80, size: 'max' },
);

describe('the ledgers of studies that share a worker', () => {
  it('sum to the time of its slots, to the microsecond, at every moment', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const cluster = sharedCluster(STUDIES);
        for (const step of sequence) {
          step(cluster);
          const { booked, real } = cluster.allocatedUs();
          expect(booked).toBe(real);
        }
        cluster.leave();
        const { booked, real } = cluster.allocatedUs();
        expect(booked).toBe(real);
      }),
      { seed: 20261123, numRuns: 150, interruptAfterTimeLimit: 20_000 },
    );
  });
});
