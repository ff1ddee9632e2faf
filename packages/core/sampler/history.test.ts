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
  fc.double().map((loss): Outcome => ({ state: 'completed', loss })),
  fc.nat(9).map((step): Outcome => ({ state: 'stopped', loss: -step, step })),
);

const change: fc.Arbitrary<Change> = fc.record({
  trial: fc.nat(30),
  params: fc.nat(7).map((a) => (a < 3 ? { a } : { a, b: a / 10 })),
  outcome,
});

/** What it knows, one object per trial, in the order of trials. */
function knownOf(history: History): unknown[] {
  return [...history.trials.values()].sort((a, b) => a.trial - b.trial);
}

function historyOf(changes: readonly Change[]): History {
  const history = createHistory(space);
  changes.forEach((one) => observe(history, one));
  return history;
}

test('only the last change of each trial counts', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const last = new Map(changes.map((one) => [one.trial, one]));
      const ordered = [...last.values()].sort((a, b) => a.trial - b.trial);
      const history = historyOf(changes);
      expect(knownOf(history)).toEqual(knownOf(historyOf(ordered)));
      const kept = ordered.filter(({ outcome: { state }, params }) => {
        return state !== 'removed' && Number(params.a) <= 5;
      });
      expect([...history.trials.keys()].sort((a, b) => a - b)).toEqual(
        kept.map(({ trial }) => trial),
      );
    }),
  );
});

test('params are used while some trial has them', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const history = createHistory(space);
      changes.forEach((one, i) => {
        // From some change on it is asked after each.
        if (i > 5) isUsed(history, space.fromParams({ a: 0 }));
        observe(history, one);
      });
      for (let a = 0; a <= 5; a++) {
        const params = a < 3 ? { a } : { a, b: a / 10 };
        const used = [...history.trials.values()].some(({ coordinates }) => coordinates[0] === a);
        expect(isUsed(history, space.fromParams(params))).toBe(used);
      }
    }),
  );
});

test('observe says when params become free again', () => {
  const history = createHistory(space);
  const freed = (trial: number, a: number, outcome: Outcome) =>
    observe(history, { trial, params: { a }, outcome }).freed;
  const pending: Outcome = { state: 'pending' };
  const removed: Outcome = { state: 'removed' };
  expect(freed(0, 1, pending)).toBe(false);
  expect(isUsed(history, space.fromParams({ a: 1 }))).toBe(true);
  expect(freed(1, 1, pending)).toBe(false);
  expect(freed(0, 1, removed)).toBe(false);
  expect(freed(1, 2, pending)).toBe(true);
  expect(freed(1, 2, removed)).toBe(true);
});

test('a further outcome of the same params keeps their coordinates', () => {
  const history = createHistory(space);
  const first = observe(history, { trial: 0, params: { a: 1 }, outcome: { state: 'pending' } });
  const outcome: Outcome = { state: 'completed', loss: 1 };
  const second = observe(history, { trial: 0, params: { a: 1 }, outcome });
  expect(second.before).toBe(first.after);
  expect(second.after!.coordinates).toBe(first.after!.coordinates);
  const third = observe(history, { trial: 0, params: { a: 2 }, outcome });
  expect(third.after!.coordinates).not.toBe(first.after!.coordinates);
});

test('what has a loss that is NaN counts as failed', () => {
  const outcomes: Outcome[] = [
    { state: 'completed', loss: NaN },
    { state: 'completed', loss: 1, losses: [1, NaN] },
    { state: 'completed', loss: 1, violation: NaN },
    { state: 'stopped', loss: NaN, step: 1 },
  ];
  for (const outcome of outcomes) {
    const { after } = observe(createHistory(space), { trial: 0, params: { a: 1 }, outcome });
    expect(after!.outcome).toEqual({ state: 'failed' });
  }
});

test('losses whose first is not the loss, and a violation below 0, are refused', () => {
  const refused: [Outcome, string][] = [
    [{ state: 'completed', loss: 1, losses: [2, 1] }, 'which is not its first'],
    [{ state: 'completed', loss: 1, violation: -1 }, 'has the violation -1'],
  ];
  for (const [outcome, message] of refused) {
    expect(() => historyOf([{ trial: 0, params: { a: 0 }, outcome }])).toThrow(message);
  }
});
