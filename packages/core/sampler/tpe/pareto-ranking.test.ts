import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dominates } from '../../numerics/dominance.ts';
import type { Observed } from '../history.ts';
import type { Outcome } from '../sampler.ts';
import { createParetoRanking } from './pareto-ranking.ts';

type Known = Observed['outcome'];

const nowhere = new Float64Array(0);
const trialOf = (trial: number, outcome: Known): Observed => {
  return { trial, coordinates: nowhere, params: {}, outcome };
};

const completed = (losses: number[], violation = 0): Known => {
  return { state: 'completed', loss: losses[0]!, losses, violation };
};

function rankingOf(outcomes: readonly Known[], objectives = 2) {
  const ranking = createParetoRanking(objectives);
  outcomes.forEach((outcome, trial) => ranking.add(trialOf(trial, outcome)));
  return ranking;
}

const numbers = (ranking: { best(): readonly Observed[] }) =>
  ranking.best().map(({ trial }) => trial);

const loss = fc.oneof(
  fc.integer({ min: 0, max: 9 }),
  fc.constantFrom(Infinity, -Infinity, 1e308, -1e308),
);
const losses = (objectives: number) =>
  fc.array(loss, { minLength: objectives, maxLength: objectives });
const outcome: fc.Arbitrary<Known> = fc.oneof(
  { weight: 6, arbitrary: losses(3).map((own) => completed(own)) },
  fc
    .tuple(losses(3), fc.integer({ min: 1, max: 3 }))
    .map(([own, broken]) => completed(own, broken)),
  loss.map((value): Outcome & Known => ({ state: 'stopped', loss: value, step: 2 })),
  fc.constantFrom<Known>({ state: 'pending' }, { state: 'failed' }, { state: 'infeasible' }),
);

const seed = 20261130;

test('the good ones are a tenth of those with a loss, and none dominates a good one from outside', () => {
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 120 }), (outcomes) => {
      const best = new Set(numbers(rankingOf(outcomes, 3)));
      const withLoss = outcomes.filter((one) => 'loss' in one).length;
      expect(best.size).toBe(Math.ceil(withLoss / 10));
      outcomes.forEach((outside, trial) => {
        if (best.has(trial) || outside.state !== 'completed' || outside.violation !== 0) return;
        for (const good of best) {
          const inside = outcomes[good]!;
          expect(inside).toMatchObject({ state: 'completed', violation: 0 });
          const [mine, theirs] = [outside.losses!, (inside as typeof outside).losses!];
          expect(dominates(mine, theirs)).toBe(false);
        }
      });
    }),
    { seed, numRuns: 200 },
  );
});

test('what is good depends on the trials alone: neither on their order nor on what they were before', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(outcome, outcome, fc.nat()), { maxLength: 60 }), (trials) => {
      const direct = rankingOf(
        trials.map(([, last]) => last),
        3,
      );
      const other = createParetoRanking(3);
      trials.forEach(([before], trial) => other.add(trialOf(trial, before)));
      const shuffled = [...trials.keys()].sort((a, b) => trials[a]![2] - trials[b]![2] || a - b);
      for (const trial of shuffled) {
        const [before, last] = trials[trial]!;
        other.remove(trialOf(trial, before));
        if (trial % 3 === 0) other.best();
        other.add(trialOf(trial, last));
      }
      expect(numbers(other)).toEqual(numbers(direct));
    }),
    { seed, numRuns: 100 },
  );
});

describe('the front that does not fit', () => {
  const line = Array.from({ length: 30 }, (_, i) => completed([i, 29 - i]));

  test('gives those that dominate most together', () => {
    // The middle of the front, and one on each side of it.
    const best = numbers(rankingOf(line));
    expect(best).toHaveLength(3);
    expect(best.sort((a, b) => a - b)).toEqual([7, 15, 22].map((at) => expect.closeTo(at, -1)));
  });

  test('counts without trials that are equal to one before', () => {
    const best = numbers(rankingOf([...line, ...line.slice(0, 10)]));
    expect(best.every((trial) => trial < 30)).toBe(true);
  });
});

test('with equal losses throughout the oldest are good', () => {
  expect(numbers(rankingOf(Array.from({ length: 25 }, () => completed([1, 1]))))).toEqual([
    0, 1, 2,
  ]);
});

test('there are more than 25 good ones among many, so that they can cover a front', () => {
  const many = Array.from({ length: 400 }, (_, i) => completed([i, -i]));
  expect(numbers(rankingOf(many))).toHaveLength(40);
});

test('feasible ones come first, then stopped ones, then those that break a bound by less', () => {
  const broken = Array.from({ length: 27 }, (_, i) => completed([0, 0], 30 - i));
  const best = numbers(
    rankingOf([
      ...broken,
      { state: 'stopped', loss: 9, step: 1 },
      completed([9, 9]),
      completed([9, 9]),
    ]),
  );
  expect(best).toEqual([28, 29, 27]);
  const without = numbers(rankingOf([...broken, { state: 'stopped', loss: 9, step: 1 }]));
  expect(without).toEqual([27, 26, 25]);
});

test('losses that are missing count as the worst', () => {
  const lacking: Known = { state: 'completed', loss: 0 };
  const best = numbers(rankingOf([lacking, completed([1, 1]), completed([0, 3])]));
  expect(best).not.toEqual([0]);
});
