import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../../numerics/random-stream.ts';
import { searchSpace } from '../../space/search-space.ts';
import type { Params } from '../../space/study-spec.ts';
import { createSampler } from '../create-sampler.ts';
import type { Observed } from '../history.ts';
import type { Completed } from '../sampler.ts';
import { createAgeingPopulation } from './ageing-population.ts';
import { tournament } from './tournament.ts';

function observed(trial: number, losses: readonly number[] = [trial], violation = 0): Observed {
  const outcome: Completed = { state: 'completed', loss: losses[0]!, losses, violation };
  return { trial, params: {}, coordinates: new Float64Array(0), outcome };
}

test('the population is the newest by number, in whatever order they come and go', () => {
  const numbers = fc.uniqueArray(fc.nat(60), { maxLength: 30 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 12 }), fc.nat(), (all, size, salt) => {
      const population = createAgeingPopulation(size);
      for (const trial of all) population.add(observed(trial));
      const gone = (trial: number) => (trial + salt) % 3 === 0;
      for (const trial of all.filter(gone)) population.remove(observed(trial));
      const members = Array.from({ length: population.count }, (_, i) => population.at(i).trial);
      const left = all.filter((trial) => !gone(trial)).sort((a, b) => a - b);
      expect(members).toEqual(left.slice(-size));
    }),
  );
});

test('the best wins a tournament; of several objectives anyone of the front', () => {
  const population = createAgeingPopulation(5);
  const all = [
    [4, 1],
    [1, 4],
    [2, 2],
    [4, 4],
    [5, 5],
  ].map((losses, k) => observed(k, losses));
  for (const one of all) population.add(one);
  const winners = (objectives: number) => {
    const streams = Array.from({ length: 200 }, (_, k) => randomStream(1, k, 'tournament'));
    return new Set(streams.map((one) => tournament(population, 60, objectives, one).trial));
  };
  expect(winners(1)).toEqual(new Set([1]));
  expect(winners(2)).toEqual(new Set([0, 1, 2]));
});

test('who breaks outcome constraints loses, whatever the losses', () => {
  const population = createAgeingPopulation(3);
  population.add(observed(0, [0, 0], 2));
  population.add(observed(1, [0, 0], 1));
  const stream = randomStream(1, 0, 'tournament');
  expect(tournament(population, 60, 2, stream).trial).toBe(1);
  population.add(observed(2, [9, 9]));
  expect(tournament(population, 60, 2, stream).trial).toBe(2);
});

test('a child differs in one parameter, and in those that it makes active', () => {
  const space = searchSpace(
    [
      { name: 'solver', type: 'categorical', choices: ['adam', 'sgd'] },
      { name: 'momentum', type: 'float', low: 0, high: 1, log: false, when: { solver: 'sgd' } },
      { name: 'layers', type: 'int', low: 1, high: 100, step: 1, log: false },
      { name: 'rate', type: 'float', low: 0, high: 1, log: false },
    ],
    [],
  );
  const spec = { type: 'regularized-evolution', population: 2, sample: 20 } as const;
  const sampler = createSampler(spec, space, 1);
  const parent = { solver: 'adam', layers: 5, rate: 0.5 };
  const worse = { solver: 'adam', layers: 90, rate: 0.9 };
  [parent, worse].forEach((params, trial) =>
    sampler.observe({ trial, params, outcome: { state: 'completed', loss: trial } }),
  );
  const changed = new Set<string>();
  for (let trial = 2; trial < 60; trial++) {
    const { params } = sampler.suggest(trial) as { params: Params };
    const names = Object.entries(parent).filter(([name, value]) => params[name] !== value);
    expect(names).toHaveLength(1);
    expect('momentum' in params).toBe(params['solver'] === 'sgd');
    changed.add(names[0]![0]);
  }
  expect(changed).toEqual(new Set(Object.keys(parent)));
});
