import { describe, expect, test } from 'vitest';
import { hypervolume } from '../../numerics/hypervolume.ts';
import { randomStream } from '../../numerics/random-stream.ts';
import { searchSpace } from '../../space/search-space.ts';
import type { Params, SamplerSpec } from '../../space/study-spec.ts';
import { tpeDefaultsFor } from '../../space/tpe-options.ts';
import { createAuto } from '../auto/auto.ts';
import { createSampler } from '../create-sampler.ts';
import type { Outcome, Sampler, Suggestion } from '../sampler.ts';

const tpe: SamplerSpec = { type: 'tpe', ...tpeDefaultsFor(2) };
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

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

const completed = (losses: readonly number[], violation = 0): Outcome => {
  return { state: 'completed', loss: losses[0]!, losses, violation };
};

/** `parallel` trials are always pending. */
function study(
  sampler: Sampler,
  trials: number,
  outcomeOf: (params: Params) => Outcome,
  parallel = 1,
): Params[] {
  const all: Params[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const { params } = sampler.suggest(trial) as Suggestion;
    sampler.observe({ trial, params, outcome: { state: 'pending' } });
    all.push(params);
    const ended = trial - parallel + 1;
    if (ended < 0) continue;
    sampler.observe({ trial: ended, params: all[ended]!, outcome: outcomeOf(all[ended]!) });
  }
  return all;
}

function volumes(spec: SamplerSpec, parallel: number): number[] {
  return seeds.map((seed) => {
    const sampler = createSampler(spec, space, seed, {}, 2);
    const all = study(sampler, 100, (params) => completed(lossesOf(params)), parallel);
    return hypervolume(all.map(lossesOf), [1.5, 1.5]);
  });
}

describe.each([1, 8])('of two losses with %i trials at a time', (parallel) => {
  test('the front is larger than by random draws, by a one-sided paired t-test', () => {
    const ours = volumes(tpe, parallel);
    const random = volumes({ type: 'random' }, parallel);
    const gains = ours.map((volume, i) => volume - random[i]!);
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
    // The 0.999 quantile of Student's t with 7 degrees of freedom.
    const text = `seeds ${seeds.join()}: ${ours.join()} against ${random.join()}`;
    expect(mean / Math.sqrt(squares / 7 / 8), text).toBeGreaterThan(4.79);
  });
});

test('both ends of the front are searched, not the first loss alone', () => {
  const places = study(createSampler(tpe, space, 1, {}, 2), 150, (params) =>
    completed(lossesOf(params)),
  )
    .slice(50)
    .map(({ place }) => +place!);
  expect(places.filter((place) => place < 0.4).length).toBeGreaterThan(15);
  expect(places.filter((place) => place > 0.6).length).toBeGreaterThan(15);
});

test('outcome constraints come before losses', () => {
  const sampler = createSampler(tpe, space, 1, {}, 2);
  const all = study(sampler, 200, (params) =>
    completed(lossesOf(params), Math.max(0, 12 - Number(params.layers))),
  );
  const late = all.slice(-100).filter(({ layers }) => Number(layers) >= 12);
  expect(late.length).toBeGreaterThan(70);
});

test('the order of the changes makes no difference to a suggestion', () => {
  const outcomes = Array.from({ length: 120 }, (_, trial): Outcome => {
    const stream = randomStream(9, trial, 'outcome');
    if (trial % 11 === 0) return { state: 'failed' };
    return completed([stream.int(5), stream.int(5), stream.normal()], trial % 7 === 0 ? 1 : 0);
  });
  const params = outcomes.map((_, trial) =>
    space.toParams(space.fromUnit(Float64Array.from([0.3, 0.7, 0.1, 0.9], (u) => (u * trial) % 1))),
  );
  const make = (): Sampler => createSampler(tpe, space, 1, {}, 3);
  const [first, second] = [make(), make()];
  outcomes.forEach((outcome, trial) => first.observe({ trial, params: params[trial]!, outcome }));
  params.forEach((own, trial) => {
    second.observe({ trial, params: own, outcome: { state: 'pending' } });
  });
  for (let i = 0; i < outcomes.length; i++) {
    const trial = (i * 77) % outcomes.length;
    // At first another result, then the right one.
    second.observe({ trial, params: params[trial]!, outcome: completed([0, 0, i]) });
    if (i % 9 === 0) second.suggest(500);
    second.observe({ trial, params: params[trial]!, outcome: outcomes[trial]! });
  }
  for (let trial = 120; trial < 140; trial++) {
    expect(second.suggest(trial)).toEqual(first.suggest(trial));
  }
});

test('auto is TPE for 250 trials, and NSGA goes on from what they found', () => {
  const auto = createAuto(space, 3, 2);
  expect(auto.name).toBe('auto');
  const samplers: string[] = [];
  for (let trial = 0; trial < 256; trial++) {
    const { params, sampler } = auto.suggest(trial) as Suggestion;
    samplers.push(sampler);
    auto.observe({ trial, params, outcome: completed(lossesOf(params)) });
  }
  expect(new Set(samplers.slice(0, 10))).toEqual(new Set(['sobol']));
  expect(new Set(samplers.slice(10, 250))).toEqual(new Set(['tpe']));
  expect(new Set(samplers.slice(250))).toEqual(new Set(['nsga']));
});
