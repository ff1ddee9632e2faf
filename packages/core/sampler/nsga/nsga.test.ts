import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hypervolume } from '../../numerics/hypervolume.ts';
import { randomStream } from '../../numerics/random-stream.ts';
import { searchSpace, type SearchSpace } from '../../space/search-space.ts';
import type { Params } from '../../space/study-spec.ts';
import { createSampler } from '../create-sampler.ts';
import { encodingOf } from '../encoding.ts';
import type { Outcome, Sampler } from '../sampler.ts';
import { contractSpaces } from '../testing/contract-spaces.ts';
import { bestLoss, training } from '../testing/problems.ts';
import { childOf, mutate } from './variation.ts';

const nsga = { type: 'nsga', population: 20, crossover: 0.9 } as const;
const seeds = [1, 2, 3, 4, 5, 6];

/** Numbers, steps and a choice; the front is losses that sum to 1. */
const space = searchSpace(
  [
    { name: 'place', type: 'float', low: 0, high: 1, log: false },
    { name: 'lr', type: 'float', low: 1e-5, high: 1, log: true },
    { name: 'layers', type: 'int', low: 1, high: 20, step: 1, log: false },
    { name: 'act', type: 'categorical', choices: ['a', 'b', 'c', 'd'] },
  ],
  [],
);

function lossesOf({ place, lr, layers, act }: Params): number[] {
  const far =
    Math.abs(Math.log10(+lr!) + 3) / 3 + Math.abs(+layers! - 7) / 10 + (act === 'c' ? 0 : 0.5);
  return [+place! + far, 1 - +place! + far];
}

/** `parallel` trials are always pending. */
function study(
  sampler: Sampler,
  trials: number,
  outcomeOf: (params: Params) => Outcome,
  parallel: number,
): Params[] {
  const all: Params[] = [];
  for (let trial = 0; trial < trials + parallel; trial++) {
    const ended = trial - parallel;
    if (ended >= 0) {
      sampler.observe({ trial: ended, params: all[ended]!, outcome: outcomeOf(all[ended]!) });
    }
    const { params } = sampler.suggest(trial) as { params: Params };
    sampler.observe({ trial, params, outcome: { state: 'pending' } });
    all.push(params);
  }
  return all.slice(0, trials);
}

const completed = (losses: number[]): Outcome => {
  return { state: 'completed', loss: losses[0]!, losses };
};

function volumes(type: 'nsga' | 'random', parallel: number): number[] {
  return seeds.map((seed) => {
    const sampler = createSampler(type === 'nsga' ? nsga : { type }, space, seed, {}, 2);
    const all = study(sampler, 300, (params) => completed(lossesOf(params)), parallel);
    return hypervolume(all.map(lossesOf), [1.5, 1.5]);
  });
}

describe.each([1, 16])('with %i trials at a time', (parallel) => {
  const ours = volumes('nsga', parallel);

  test('k of n seeds come near the whole front', () => {
    // The whole line would have 1.75.
    expect(ours.filter((volume) => volume > 1.3).length, ours.join()).toBeGreaterThan(3);
  });

  test('the front is larger than by random draws, by a one-sided paired t-test', () => {
    const random = volumes('random', parallel);
    const gains = ours.map((volume, i) => volume - random[i]!);
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
    // The 0.999 quantile of Student's t with 5 degrees of freedom.
    expect(mean / Math.sqrt(squares / 5 / 6)).toBeGreaterThan(5.89);
  });
});

test('with one objective it finds the best, too', () => {
  const best = seeds.map((seed) => {
    return bestLoss(createSampler(nsga, training.space, seed), training, 400);
  });
  expect(best.filter((loss) => loss < 0.05).length, best.join()).toBeGreaterThan(3);
});

test('outcome constraints come before losses', () => {
  const sampler = createSampler(nsga, space, 1, {}, 2);
  const all = study(
    sampler,
    400,
    (params) => {
      const violation = Math.max(0, 12 - Number(params.layers));
      const losses = lossesOf(params);
      return { state: 'completed', loss: losses[0]!, losses, violation };
    },
    1,
  );
  const late = all.slice(-100).filter(({ layers }) => Number(layers) >= 12);
  expect(late.length).toBeGreaterThan(70);
});

const spaces = Object.values(contractSpaces).map((one): [SearchSpace] => [one.space]);

test.each(spaces)('children stay in the unit cube; a sure mutation changes something', (inside) => {
  const encoding = encodingOf(inside);
  if (encoding.numbers.length + encoding.choices.length === 0) return;
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const stream = randomStream(seed, 0, 'parents');
      const parent = () => {
        const unit = Float64Array.from({ length: inside.dimensions }, () => stream.next());
        const coordinates = inside.fromUnit(unit);
        return { unit: inside.toUnit(coordinates), coordinates };
      };
      const child = childOf([parent(), parent()], encoding, stream, 0.9);
      const before = child.slice();
      mutate(child, encoding, stream, true);
      for (const u of child) expect(u >= 0 && u <= 1).toBe(true);
      expect(child).not.toEqual(before);
    }),
    { numRuns: 50 },
  );
});
