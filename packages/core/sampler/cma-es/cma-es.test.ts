import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../numerics/random-stream.ts';
import { searchSpace } from '../../space/search-space.ts';
import type { Parameter, Params } from '../../space/study-spec.ts';
import type { Change, Outcome, Sampler } from '../sampler.ts';
import { bestLoss, bowl, type Problem } from '../testing/problems.ts';
import { createCmaEs, type CmaEsOptions } from './cma-es.ts';

const defaults: CmaEsOptions = { width: 0.15, noisy: false, restarts: 'bipop' };
const seeds = [1, 2, 3, 4, 5];

const float = (name: string): Parameter => {
  return { name, type: 'float', low: -5, high: 5, log: false };
};
const int = (name: string): Parameter => {
  return { name, type: 'int', low: -10, high: 10, step: 1, log: false };
};
const choice = (name: string): Parameter => ({
  name,
  type: 'categorical',
  choices: ['a', 'b', 'c'],
});
const names = (prefix: string, n: number) => Array.from({ length: n }, (_, i) => `${prefix}${i}`);
const numbers = (params: Params, prefix: string): number[] =>
  Object.entries(params).flatMap(([name, x]) => (name.startsWith(prefix) ? [Number(x)] : []));

const rosenbrock: Problem = {
  space: searchSpace(names('x', 5).map(float), []),
  loss(params) {
    const x = numbers(params, 'x');
    return x
      .slice(1)
      .reduce((sum, b, i) => sum + 100 * (b - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2, 0);
  },
};

const mixed: Problem = {
  space: searchSpace(
    [...names('x', 3).map(float), ...names('z', 3).map(int), ...names('c', 3).map(choice)],
    [],
  ),
  loss: (params) =>
    numbers(params, 'x').reduce((sum, x) => sum + (x - 1) ** 2, 0) +
    numbers(params, 'z').reduce((sum, z, i) => sum + (z - 3 * i) ** 2, 0) +
    names('c', 3).filter((name, i) => params[name] !== 'abc'[i]).length,
};

function reached(problem: Problem, trials: number, epsilon: number, parallel = 1): number {
  return seeds.filter((seed) => {
    return (
      bestLoss(createCmaEs(problem.space, seed, defaults), problem, trials, parallel) < epsilon
    );
  }).length;
}

describe('k of n seeds reach epsilon', () => {
  test('on a curved valley', () => expect(reached(rosenbrock, 2500, 1e-6)).toBeGreaterThan(2));
  test('with numbers, whole numbers and choices', () =>
    expect(reached(mixed, 1500, 1e-6)).toBeGreaterThan(2));
  test('with 32 trials at a time', () => expect(reached(mixed, 4000, 1e-3, 32)).toBeGreaterThan(2));
  test('at a corner of the ranges', () => {
    const loss = (params: Params) => numbers(params, 'x').reduce((sum, x) => sum + x + 5, 0);
    expect(reached({ space: rosenbrock.space, loss }, 1500, 1e-3)).toBeGreaterThan(2);
  });
});

/** Drives a study in which `respond` answers each trial at once, or leaves it pending. */
function drive(
  sampler: Sampler,
  trials: number,
  respond: (params: Params, trial: number) => Outcome | undefined,
): Change[] {
  const changes: Change[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const { params } = sampler.suggest(trial) as { params: Params };
    const outcome = respond(params, trial);
    changes.push({ trial, params, outcome: { state: 'pending' } });
    if (outcome !== undefined) changes.push({ trial, params, outcome });
    for (const change of changes.slice(outcome === undefined ? -1 : -2)) sampler.observe(change);
  }
  return changes;
}

const completed = (loss: number): Outcome => ({ state: 'completed', loss });

test('trials that never end hold nobody up', () => {
  const sampler = createCmaEs(bowl.space, 1, defaults);
  let best = Infinity;
  drive(sampler, 1500, (params, trial) => {
    if (trial < 5) return undefined;
    best = Math.min(best, bowl.loss(params));
    return completed(bowl.loss(params));
  });
  expect(best).toBeLessThan(1e-6);
});

test('failed trials are the worst: it leaves the half where they are', () => {
  const sampler = createCmaEs(bowl.space, 1, defaults);
  const changes = drive(sampler, 600, (params) =>
    Number(params.a) < 0 ? { state: 'failed' } : completed(bowl.loss(params)),
  );
  const late = changes.slice(-200).filter(({ outcome }) => outcome.state === 'failed');
  expect(late.length).toBeLessThan(5);
});

test('among trials that break outcome constraints the least violation counts', () => {
  const sampler = createCmaEs(bowl.space, 1, defaults);
  const changes = drive(sampler, 800, (params) => {
    const violation = Math.max(0, Number(params.a) + 3);
    return { state: 'completed', loss: bowl.loss(params), violation };
  });
  const best = changes.slice(-20).filter(({ outcome }) => outcome.state === 'completed');
  for (const { params } of best) expect(params.a).toBeLessThan(-2.9);
});

test('it begins where other samplers found the best', () => {
  const stream = randomStream(3, 0, 'others');
  const sampler = createCmaEs(bowl.space, 1, defaults);
  for (let trial = 0; trial < 300; trial++) {
    const params = Object.fromEntries(['a', 'b', 'c', 'd'].map((d) => [d, 10 * stream.next() - 5]));
    const change = { trial, params, sampler: 'random' };
    sampler.observe({ ...change, outcome: { state: 'pending' } });
    sampler.observe({ ...change, outcome: completed(bowl.loss(params)) });
  }
  const losses = Array.from({ length: 40 }, (_, i) => {
    return bowl.loss((sampler.suggest(300 + i) as { params: Params }).params);
  });
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  // At random it is 49, from the middle of the ranges 25.
  expect(mean).toBeLessThan(16);
});

test('what happened to trials in between, not what was asked, decides', () => {
  const respond = (params: Params) => completed(mixed.loss(params));
  const sampler = createCmaEs(mixed.space, 7, defaults);
  const changes = drive(sampler, 120, respond);
  const again = createCmaEs(mixed.space, 7, defaults);
  changes.forEach((change, i) => {
    if (i % 5 === 0) again.suggest(1000 + i);
    again.observe(change);
  });
  expect(again.suggest(120)).toEqual(sampler.suggest(120));
});

test('a run that gets no further is followed by another', () => {
  const sampler = createCmaEs(bowl.space, 1, defaults);
  drive(sampler, 3000, (params) => completed(Math.min(1, bowl.loss(params))));
  expect((sampler.suggest(3000) as { reason: { text: string } }).reason.text).not.toContain(
    'run 1 ',
  );
});

test('with noisy losses, learning rates that adapt come closer to the optimum', () => {
  const space = searchSpace(names('x', 5).map(float), []);
  const truth = (params: Params) => numbers(params, 'x').reduce((sum, x) => sum + (x - 1) ** 2, 0);
  const errors = [true, false].map((noisy) => {
    const sum = seeds.reduce((total, seed) => {
      const noise = randomStream(seed, 0, 'noise');
      const sampler = createCmaEs(space, seed, { ...defaults, noisy });
      const changes = drive(sampler, 2000, (params) =>
        completed(truth(params) + 3 * noise.normal()),
      );
      const late = changes.slice(-400);
      return total + late.reduce((part, { params }) => part + truth(params), 0) / late.length;
    }, 0);
    return sum / seeds.length;
  });
  expect(errors[0]).toBeLessThan(errors[1]!);
});

test('losses of any size never lead out of the space', () => {
  const loss = fc.oneof(
    fc.double({ noNaN: true }),
    fc.constantFrom(-Infinity, Infinity, 0, 1e308, -1e308, 5e-324),
  );
  const outcomes = fc.array(
    fc.oneof(
      loss.map(completed),
      fc.constantFrom<Outcome>({ state: 'failed' }, { state: 'infeasible' }, { state: 'removed' }),
    ),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(outcomes, fc.boolean(), fc.nat(100), (given, noisy, seed) => {
      const sampler = createCmaEs(mixed.space, seed, { ...defaults, noisy, population: 4 });
      for (const { params } of drive(sampler, 60, (_, t) => given[t % given.length]!)) {
        expect(mixed.space.toParams(mixed.space.fromParams(params))).toEqual(params);
      }
    }),
    { numRuns: 30 },
  );
});
