import { describe, expect, test } from 'vitest';
import { searchSpace } from '../../space/search-space.ts';
import type { Parameter, Params } from '../../space/study-spec.ts';
import { createAuto } from '../auto/auto.ts';
import { randomStream } from '../../numerics/random-stream.ts';
import { createHistory, observe } from '../history.ts';
import { createModel } from './model.ts';
import { propose } from './propose.ts';
import { createRandom } from '../random/random.ts';
import { createSobol } from '../sobol/sobol.ts';
import type { Outcome, Sampler, Suggestion } from '../sampler.ts';
import { tpeDefaults, tpeParity } from '../../space/tpe-options.ts';
import { createTpe } from './tpe.ts';
import { kernelWeight, rankWeights } from './kernel-weight.ts';

const x: Parameter = { name: 'x', type: 'float', low: 0, high: 1, log: false };
const line = searchSpace([x], []);

/** Trials at the given places, all with the outcome of their place. */
function observed(sampler: Sampler, places: readonly number[], outcome: (x: number) => Outcome) {
  places.forEach((at, trial) => {
    sampler.observe({ trial, params: { x: at }, outcome: outcome(at) });
  });
  return sampler;
}

function mean(sampler: Sampler, from: number, n = 40): number {
  const places = Array.from({ length: n }, (_, i) => {
    const { params } = sampler.suggest(from + i) as { params: Params };
    return params.x as number;
  });
  return places.reduce((sum, at) => sum + at, 0) / n;
}

const spread = Array.from({ length: 20 }, (_, i) => (i + 0.5) / 20);

describe('start-up', () => {
  test('as Optuna: until enough trials have ended the draws are those of random; pending ones do not count', () => {
    const tpe = createTpe(line, 5, tpeParity);
    const random = createRandom(line, 5);
    for (let trial = 0; trial < 14; trial++) {
      const outcome: Outcome =
        trial < 9 ? { state: 'completed', loss: trial } : { state: 'pending' };
      const suggestion = tpe.suggest(trial) as Suggestion;
      expect(suggestion).toMatchObject({ sampler: 'random', reason: { code: 'startup' } });
      expect(suggestion.params).toEqual((random.suggest(trial) as Suggestion).params);
      const change = { trial, params: suggestion.params, outcome };
      tpe.observe(change);
      random.observe(change);
    }
    const params = { x: 0.5 };
    tpe.observe({ trial: 14, params, outcome: { state: 'failed' } });
    expect(tpe.suggest(15)).toMatchObject({ sampler: 'tpe', reason: { code: 'tpe' } });
  });

  test('by default the first ten are points of a Sobol sequence, and three must have ended', () => {
    const tpe = createTpe(line, 5, tpeDefaults);
    const sobol = createSobol(line, 5);
    for (let trial = 0; trial < 10; trial++) {
      const { params, sampler } = tpe.suggest(trial) as Suggestion;
      expect({ params, sampler }).toEqual({
        params: (sobol.suggest(trial) as Suggestion).params,
        sampler: 'sobol',
      });
      tpe.observe({ trial, params, outcome: { state: 'pending' } });
    }
    for (let trial = 0; trial < 3; trial++) {
      expect(tpe.suggest(10)).toMatchObject({ sampler: 'sobol', reason: { code: 'startup' } });
      const { params } = sobol.suggest(trial) as Suggestion;
      tpe.observe({ trial, params, outcome: { state: 'failed' } });
    }
    expect(tpe.suggest(10)).toMatchObject({ sampler: 'tpe' });
  });

  test('a start-up of fewer trials than have to end waits for those alone', () => {
    const tpe = createTpe(line, 5, { ...tpeDefaults, startup: 1 });
    observed(tpe, [0.5], () => ({ state: 'completed', loss: 1 }));
    expect(tpe.suggest(1)).toMatchObject({ sampler: 'tpe' });
  });

  test('auto is TPE under its own name, and its suggestions say which sampler made them', () => {
    const auto = createAuto(line, 5, 1);
    expect(auto.name).toBe('auto');
    expect(auto.suggest(0)).toMatchObject({ sampler: 'sobol' });
    observed(auto, spread, (at) => ({ state: 'completed', loss: at }));
    expect(auto.suggest(20)).toMatchObject({ sampler: 'tpe' });
  });
});

describe('what TPE learns from', () => {
  test('losses draw it to the better side', () => {
    const low = createTpe(line, 1, tpeDefaults);
    const high = createTpe(line, 1, tpeDefaults);
    observed(low, spread, (at) => ({ state: 'completed', loss: at }));
    observed(high, spread, (at) => ({ state: 'completed', loss: -at }));
    expect(mean(low, 20)).toBeLessThan(0.25);
    expect(mean(high, 20)).toBeGreaterThan(0.75);
  });

  test('failures drive it away', () => {
    const tpe = createTpe(line, 1, tpeDefaults);
    observed(tpe, spread, (at) =>
      at > 0.5 ? { state: 'failed' } : { state: 'completed', loss: 1 },
    );
    expect(mean(tpe, 20)).toBeLessThan(0.35);
  });

  test('among stopped trials those that came further count as better', () => {
    const tpe = createTpe(line, 1, tpeDefaults);
    observed(tpe, spread, (at) => ({ state: 'stopped', loss: at, step: at > 0.8 ? 9 : 1 }));
    expect(mean(tpe, 20)).toBeGreaterThan(0.7);
  });

  test('pending trials drive parallel suggestions apart', () => {
    const alone = createTpe(line, 1, tpeDefaults);
    const crowded = createTpe(line, 1, tpeDefaults);
    for (const tpe of [alone, crowded]) {
      observed(tpe, spread, (at) => ({ state: 'completed', loss: Math.abs(at - 0.3) }));
    }
    for (let trial = 20; trial < 50; trial++) {
      crowded.observe({ trial, params: { x: 0.3 }, outcome: { state: 'pending' } });
    }
    const distance = (sampler: Sampler) =>
      Array.from({ length: 40 }, (_, i) => {
        return Math.abs(((sampler.suggest(60 + i) as Suggestion).params.x as number) - 0.3);
      }).reduce((sum, one) => sum + one, 0);
    expect(distance(crowded)).toBeGreaterThan(2 * distance(alone));
  });
});

test('the reason tells how many candidates, good, other and pending trials there were', () => {
  const tpe = createTpe(line, 1, { ...tpeDefaults, startup: 10, candidates: 7 });
  observed(tpe, spread, (at) => ({ state: 'completed', loss: at }));
  tpe.observe({ trial: 20, params: { x: 0.5 }, outcome: { state: 'pending' } });
  const { reason } = tpe.suggest(21) as Suggestion;
  expect(reason.text).toMatch(/9 candidates.* best 2 trials .* other 19 \(1 pending\)/);
});

test('pending trials bring more candidates, up to three times as many', () => {
  const tpe = createTpe(line, 1, { ...tpeDefaults, candidates: 7 });
  observed(tpe, spread, (at) => ({ state: 'completed', loss: at }));
  const counts = [20, 21, 22, 23, 24, 25, 26, 27, 28].map((trial) => {
    const { text } = (tpe.suggest(trial) as Suggestion).reason;
    tpe.observe({ trial, params: { x: 0.5 }, outcome: { state: 'pending' } });
    return Number(/Best of (\d+) candidates/.exec(text)![1]);
  });
  expect(counts).toEqual([7, 9, 11, 13, 15, 17, 19, 21, 21]);
});

test('the newest 25 kernels and the prior weigh the same, older ones less and less', () => {
  for (const n of [0, 3, 25, 26, 27, 100]) {
    const weights = Array.from({ length: n + 1 }, (_, k) => kernelWeight(n, k));
    expect(new Set(weights.slice(Math.max(0, n - 25)))).toEqual(new Set([1]));
    for (let i = 1; i < n - 25; i++) expect(weights[i]!).toBeGreaterThan(weights[i - 1]!);
  }
});

test('weights by rank fall from the best on, are positive and have a mean of 1', () => {
  for (const m of [1, 2, 7, 25]) {
    const weights = rankWeights(m);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(m, 12);
    for (let i = 1; i < m; i++) expect(weights[i]!).toBeLessThan(weights[i - 1]!);
    expect(weights.at(-1)!).toBeGreaterThan(0);
  }
});

test('the order of the changes makes no difference to a suggestion', () => {
  const losses = Array.from({ length: 130 }, (_, trial) => Math.sin(trial * 7));
  const at = (trial: number) => (trial * 0.37) % 1;
  const first = createTpe(line, 1, tpeDefaults);
  losses.forEach((loss, trial) => {
    first.observe({ trial, params: { x: at(trial) }, outcome: { state: 'completed', loss } });
  });
  const second = createTpe(line, 1, tpeDefaults);
  losses.forEach((_, trial) => {
    second.observe({ trial, params: { x: at(trial) }, outcome: { state: 'pending' } });
    if (trial % 9 === 0) second.suggest(500);
  });
  for (let i = 0; i < losses.length; i++) {
    const trial = (i * 77) % losses.length;
    const outcome: Outcome = { state: 'completed', loss: losses[trial]! };
    second.observe({ trial, params: { x: at(trial) }, outcome });
    if (trial % 9 === 0) second.suggest(500);
  }
  for (let trial = 130; trial < 160; trial++) {
    expect(second.suggest(trial)).toEqual(first.suggest(trial));
  }
});

test('branch and bound finds the candidate with the highest ln l − ln g', () => {
  const parameters = ['a', 'b', 'c'].map((name): Parameter => ({ ...x, name }) as Parameter);
  const space = searchSpace([...parameters, { name: 'd', type: 'boolean' }], []);
  const draws = randomStream(3, 0, 'places');
  const model = createModel(space, tpeDefaults);
  const history = createHistory(space);
  for (let trial = 0; trial < 150; trial++) {
    const [a, b, c] = [draws.next(), draws.next(), draws.next()];
    const params = { a, b, c, d: trial % 3 === 0 };
    const loss = (a - 0.3) ** 2 + b * c;
    model.learn(observe(history, { trial, params, outcome: { state: 'completed', loss } }));
    if (trial < 10) continue;
    const block = model.blocks[0]!;
    const again = randomStream(1, trial, 'tpe');
    const score = (coordinates: Float64Array) => {
      const logPrior = block.below.logPrior(coordinates);
      const logBelow = block.below.logDensity(coordinates, logPrior);
      return logBelow - block.above.logDensity(coordinates, logPrior);
    };
    const scores = Array.from({ length: 24 }, () => {
      const coordinates = new Float64Array(4);
      block.below.sample(again, [coordinates]);
      return score(coordinates);
    });
    const stream = randomStream(1, trial, 'tpe');
    const search = {
      history,
      blocks: model.blocks,
      stream,
      candidates: 24,
      freshOnly: false,
      room: { coordinates: [], kernels: [] },
      joint: false,
    };
    expect(propose(search)!.score).toBe(Math.max(...scores));
  }
});
