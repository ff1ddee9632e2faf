// What every scheduler promises, as cases without a test framework: `for (const { title, check } of
// schedulerContract(make)) it(title, check)`. A failed check throws and names the seed.

import { assert } from '../../errors/index.ts';
import type { Arrival, Decision, Scheduler } from '../scheduler.ts';

export interface ContractCase {
  title: string;
  check(): void;
}

const SEEDS = 50;
const ARRIVALS = 80;
const CLIMBING = 4;

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

/** A trial of some that climb at the same time comes to a rung. */
interface Question {
  scheduler: Scheduler;
  rung: number;
  arrival: Arrival;
  /** Losses that came to this rung before. */
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

function answer({ scheduler, rung, arrival }: Question, loss = arrival.loss): Decision {
  return scheduler.decide(rung, { ...arrival, loss });
}

function hasReason(question: Question): void {
  const { reason } = answer(question);
  assert(reason.code !== '' && reason.text.includes(' '), `no reason for ${question.arrival.loss}`);
}

function bestGoesOn(question: Question): void {
  const { arrival, earlier } = question;
  if (earlier.some((other) => other < arrival.loss)) return;
  const { decision } = answer(question);
  assert(decision === 'continue', `the best of ${earlier.length + 1} was stopped: ${arrival.loss}`);
}

function nanStops(question: Question): void {
  assert(answer(question, NaN).decision === 'stop', 'NaN goes on');
}

function isMonotone(question: Question): void {
  if (answer(question).decision === 'stop') return;
  const { loss } = question.arrival;
  const better = Math.min(loss, ...question.earlier) - 1;
  for (const other of [better, (loss + better) / 2]) {
    assert(answer(question, other).decision === 'continue', `${loss} goes on, ${other} does not`);
  }
}

function decidesPurely(question: Question): void {
  const { loss } = question.arrival;
  const first = answer(question);
  for (const other of [NaN, loss + 1, loss - 1]) answer(question, other);
  const again = answer(question);
  assert(first.decision === again.decision && first.reason.text === again.reason.text, 'it moved');
}

/** One scheduler has all earlier arrivals; the other hears of the latest few beside the question. */
function announced(make: () => Scheduler): void {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const late = make();
    let waiting: { rung: number; arrival: Arrival }[] = [];
    climbs(make(), seed, ({ scheduler, rung, arrival }) => {
      const also = new Map<number, Arrival[]>();
      for (const one of waiting) also.set(one.rung, [...(also.get(one.rung) ?? []), one.arrival]);
      const had = scheduler.decide(rung, arrival);
      const heard = late.decide(rung, arrival, also);
      assert(had.decision === heard.decision, `seed ${seed}: ${heard.reason.text}`);
      assert(had.reason.text === heard.reason.text, `seed ${seed}: ${heard.reason.text}`);
      waiting.push({ rung, arrival });
      if (waiting.length <= 5) return;
      for (const one of waiting) late.record(one.rung, one.arrival);
      waiting = [];
    });
  }
}

function countsRecords({ scheduler, rung, arrival, earlier }: Question): void {
  const count = scheduler.record(rung, arrival);
  assert(count === earlier.length + 1, `${count} recorded after ${earlier.length}`);
}

function sameRecords(make: () => Scheduler): void {
  const [one, two] = [make(), make()];
  climbs(one, 1, ({ rung, arrival }) => {
    const decisions = [one, two].map((scheduler) => scheduler.decide(rung, arrival));
    assert(JSON.stringify(decisions[0]) === JSON.stringify(decisions[1]), 'they differ');
    two.record(rung, arrival);
  });
}

function forEachArrival(make: () => Scheduler, check: (question: Question) => void): void {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const scheduler = make();
    try {
      climbs(scheduler, seed, check);
    } catch (error) {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
}

/**
 * Trials that climb in turns and jump over a rung now and then, whatever was decided; losses have
 * ties. Each arrival is recorded after the check, unless that has done it.
 */
function climbs(scheduler: Scheduler, seed: number, check: (question: Question) => void): void {
  const { rungs } = scheduler;
  if (rungs.length === 0) return;
  const earlier = rungs.map((): number[] => []);
  const climbing = Array.from({ length: CLIMBING }, (): number[] => []);
  let word = seed;
  const below = (n: number): number => {
    // Lehmer's generator, modulus 2^31 − 1 (Park and Miller 1988): enough for a test.
    word = (word * 48271) % 2147483647;
    return word % n;
  };
  for (let arrivals = 0; arrivals < ARRIVALS; arrivals++) {
    const turn = below(CLIMBING);
    const passed = climbing[turn]!.slice();
    if (below(8) === 0 && passed.length + 1 < rungs.length) passed.push(NaN);
    const rung = passed.length;
    const loss = below(20) / 4;
    const arrival = { loss, passed };
    check({ scheduler, rung, arrival, earlier: earlier[rung]! });
    if (check !== countsRecords) scheduler.record(rung, arrival);
    earlier[rung]!.push(loss);
    const ends = rung === rungs.length - 1 || below(12) === 0;
    climbing[turn] = ends ? [] : [...passed, loss];
  }
}
