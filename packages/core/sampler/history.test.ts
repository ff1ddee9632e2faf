import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchSpace } from '../space/search-space.ts';
import { createHistory, isUsed, observe, type History } from './history.ts';
import type { Change, Outcome } from './sampler.ts';

const space = searchSpace(
  [
    { name: 'a', type: 'int', low: 0, high: 5, step: 1, log: false },
    { name: 'b', type: 'float', low: 0, high: 1, log: false, when: { a: { min: 3 } } },
  ],
  [],
);

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constantFrom<Outcome>({ state: 'pending' }, { state: 'failed' }, { state: 'removed' }),
  fc.double({ noNaN: true }).map((loss): Outcome => ({ state: 'completed', loss })),
  fc.nat(9).map((step): Outcome => ({ state: 'stopped', loss: -step, step })),
);

const change: fc.Arbitrary<Change> = fc.record({
  trial: fc.nat(30),
  params: fc.nat(7).map((a) => (a < 3 ? { a } : { a, b: a / 10 })),
  outcome,
});

/** What the rows in use say, one object per trial. */
function rowsOf(history: History): unknown[] {
  return Array.from({ length: history.count }, (_, row) => ({
    trial: history.trials[row],
    state: history.outcomes[row],
    loss: history.losses[row],
    step: history.steps[row],
    coordinates: history.columns.map((column) => column[row]),
    key: history.keys[row],
  }));
}

function historyOf(changes: readonly Change[]): History {
  const history = createHistory(space);
  changes.forEach((one) => observe(history, one));
  return history;
}

test('only the last change of each trial counts, and rows are in the order of trials', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const last = new Map(changes.map((one) => [one.trial, one]));
      const ordered = [...last.values()].sort((a, b) => a.trial - b.trial);
      const history = historyOf(changes);
      expect(rowsOf(history)).toEqual(rowsOf(historyOf(ordered)));
      const kept = ordered.filter(({ outcome: { state }, params }) => {
        return state !== 'removed' && Number(params.a) <= 5;
      });
      expect(Array.from(history.trials.subarray(0, history.count))).toEqual(
        kept.map(({ trial }) => trial),
      );
    }),
  );
});

test('params are used while some trial has them', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const history = historyOf(changes);
      for (let a = 0; a <= 5; a++) {
        const params = a < 3 ? { a } : { a, b: a / 10 };
        const used = history.keys.slice(0, history.count).includes(space.key(params));
        expect(isUsed(history, space.fromParams(params))).toBe(used);
      }
    }),
  );
});

test('observe says when params become free again', () => {
  const history = createHistory(space);
  const pending: Outcome = { state: 'pending' };
  expect(observe(history, { trial: 0, params: { a: 1 }, outcome: pending })).toBe(false);
  expect(observe(history, { trial: 1, params: { a: 1 }, outcome: pending })).toBe(false);
  const removed: Outcome = { state: 'removed' };
  expect(observe(history, { trial: 0, params: { a: 1 }, outcome: removed })).toBe(false);
  expect(observe(history, { trial: 1, params: { a: 2 }, outcome: pending })).toBe(true);
  expect(observe(history, { trial: 1, params: { a: 2 }, outcome: removed })).toBe(true);
});

test('a loss that is not a number is a mistake of the caller', () => {
  const history = createHistory(space);
  const outcome: Outcome = { state: 'completed', loss: NaN };
  expect(() => observe(history, { trial: 0, params: { a: 1 }, outcome })).toThrow(/NaN/);
});
