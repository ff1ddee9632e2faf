// What every scheduler promises, as cases without a test framework: `for (const { title, check } of
// schedulerContract(make)) it(title, check)`. A failed check throws and names the seed.

import { assert } from '../../errors/index.ts';
import type { Scheduler } from '../scheduler.ts';

export interface ContractCase {
  title: string;
  check(): void;
}

const SEEDS = 50;
const TRIALS = 60;

/** `make` gives a fresh scheduler without records; its rungs are the same each time. */
export function schedulerContract(make: () => Scheduler): ContractCase[] {
  return [
    { title: 'its rungs ascend', check: () => rungsAscend(make()) },
    { title: 'a step reaches the highest rung at or below it, once', check: () => due(make()) },
    {
      title: 'every decision carries a code and a sentence',
      check: () => forEachArrival(make, hasReason),
    },
    {
      title: 'the best so far is never stopped, not even in a tie',
      check: () => forEachArrival(make, bestGoesOn),
    },
    {
      title: 'a loss that is not a number is stopped where trials are compared',
      check: () => forEachArrival(make, nanStops),
    },
    {
      title: 'a better loss than one that goes on goes on too',
      check: () => forEachArrival(make, isMonotone),
    },
    {
      title: 'deciding changes nothing: the same question has the same answer',
      check: () => forEachArrival(make, decidesPurely),
    },
    {
      title: 'losses that are about to be recorded count like recorded ones',
      check: () => announced(make),
    },
    {
      title: 'record counts what it was given',
      check: () => forEachArrival(make, countsRecords),
    },
    {
      title: 'the same records in the same order give the same decisions',
      check: () => sameRecords(make),
    },
  ];
}

interface Arrival {
  scheduler: Scheduler;
  rung: number;
  loss: number;
  earlier: readonly number[];
}

function rungsAscend({ rungs }: Scheduler): void {
  for (let k = 1; k < rungs.length; k++) assert(rungs[k]! > rungs[k - 1]!, `rungs ${rungs.join()}`);
}

function due(scheduler: Scheduler): void {
  const { rungs } = scheduler;
  const steps = [0, ...rungs, ...rungs.map((rung) => rung + 1), ...rungs.map((rung) => rung / 2)];
  for (const step of steps) {
    for (let next = 0; next <= rungs.length; next++) {
      const reached = rungs.findLastIndex((rung) => rung <= step);
      const expected = reached >= next ? reached : undefined;
      assert(scheduler.due(next, step) === expected, `due(${next}, ${step}) is not ${expected}`);
    }
  }
}

function hasReason({ scheduler, rung, loss }: Arrival): void {
  const { reason } = scheduler.decide(rung, loss);
  assert(reason.code !== '' && reason.text.includes(' '), `no reason for ${loss}`);
}

function bestGoesOn({ scheduler, rung, loss, earlier }: Arrival): void {
  if (earlier.some((other) => other < loss)) return;
  const { decision } = scheduler.decide(rung, loss);
  assert(decision === 'continue', `the best of ${earlier.length + 1} was stopped: ${loss}`);
}

function nanStops({ scheduler, rung }: Arrival): void {
  assert(scheduler.decide(rung, NaN).decision === 'stop', 'NaN goes on');
}

function isMonotone({ scheduler, rung, loss, earlier }: Arrival): void {
  if (scheduler.decide(rung, loss).decision === 'stop') return;
  const better = Math.min(loss, ...earlier) - 1;
  for (const other of [better, (loss + better) / 2]) {
    const { decision } = scheduler.decide(rung, other);
    assert(decision === 'continue', `${loss} goes on, but ${other} does not`);
  }
}

function decidesPurely({ scheduler, rung, loss }: Arrival): void {
  const first = scheduler.decide(rung, loss);
  for (const other of [NaN, loss + 1, loss - 1]) scheduler.decide(rung, other);
  const again = scheduler.decide(rung, loss);
  assert(first.decision === again.decision && first.reason.text === again.reason.text, 'it moved');
}

/** One scheduler has all earlier losses; the other hears of the latest few beside the question. */
function announced(make: () => Scheduler): void {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const late = make();
    const waiting = late.rungs.map((): number[] => []);
    arrivals(make(), seed, ({ scheduler, rung, loss }) => {
      const also = waiting[rung]!;
      const [had, heard] = [scheduler.decide(rung, loss), late.decide(rung, loss, also)];
      assert(had.reason.text === heard.reason.text, `seed ${seed}: ${heard.reason.text}`);
      also.push(loss);
      if (also.length > 3) also.splice(0).forEach((other) => late.record(rung, other));
    });
  }
}

function countsRecords({ scheduler, rung, loss, earlier }: Arrival): void {
  const count = scheduler.record(rung, loss);
  assert(count === earlier.length + 1, `${count} recorded after ${earlier.length}`);
}

function sameRecords(make: () => Scheduler): void {
  const [one, two] = [make(), make()];
  arrivals(one, 1, ({ rung, loss }) => {
    const decisions = [one, two].map((scheduler) => scheduler.decide(rung, loss));
    assert(JSON.stringify(decisions[0]) === JSON.stringify(decisions[1]), 'they differ');
    two.record(rung, loss);
  });
}

function forEachArrival(make: () => Scheduler, check: (arrival: Arrival) => void): void {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const scheduler = make();
    try {
      arrivals(scheduler, seed, check);
    } catch (error) {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
}

/** Losses with ties, at random rungs; each is recorded after the check, unless that has done it. */
function arrivals(scheduler: Scheduler, seed: number, check: (arrival: Arrival) => void): void {
  const earlier = scheduler.rungs.map((): number[] => []);
  if (earlier.length === 0) return;
  let word = seed;
  const below = (n: number): number => {
    // Lehmer's generator, modulus 2^31 − 1 (Park and Miller 1988): enough for a test.
    word = (word * 48271) % 2147483647;
    return word % n;
  };
  for (let trial = 0; trial < TRIALS; trial++) {
    const rung = below(scheduler.rungs.length);
    const loss = below(20) / 4;
    check({ scheduler, rung, loss, earlier: earlier[rung]! });
    if (check !== countsRecords) scheduler.record(rung, loss);
    earlier[rung]!.push(loss);
  }
}
