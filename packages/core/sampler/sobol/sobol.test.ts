import { expect, test } from 'vitest';
import { searchSpace, type SearchSpace } from '../../space/search-space.ts';
import type { Parameter, Params } from '../../space/study-spec.ts';
import { createRandom } from '../random/random.ts';
import type { Sampler } from '../sampler.ts';
import { createSobol } from './sobol.ts';

const float = (name: string): Parameter => ({ name, type: 'float', low: 0, high: 1, log: false });
const digit = (name: string): Parameter => {
  return { name, type: 'int', low: 0, high: 9, step: 1, log: false };
};

function suggested(sampler: Sampler, trial: number): Params {
  const suggestion = sampler.suggest(trial);
  if ('exhausted' in suggestion) throw new Error(`trial ${trial}: ${suggestion.reason.text}`);
  return suggestion.params;
}

/** The centred L2 discrepancy of points of the unit cube (Hickernell 1998, equation 5.1b), squared. */
function discrepancy(points: readonly (readonly number[])[]): number {
  const n = points.length;
  const far = (x: number) => Math.abs(x - 0.5);
  const product = (factors: number[]) => factors.reduce((all, factor) => all * factor, 1);
  let single = 0;
  let pairs = 0;
  for (const x of points) {
    single += product(x.map((u) => 1 + far(u) / 2 - far(u) ** 2 / 2));
    for (const y of points) {
      pairs += product(x.map((u, d) => 1 + far(u) / 2 + far(y[d]!) / 2 - Math.abs(u - y[d]!) / 2));
    }
  }
  return (13 / 12) ** points[0]!.length - (2 * single) / n + pairs / n ** 2;
}

test('covers the space more evenly than random draws, for every seed, whether or not trial 0 is one', () => {
  const space = searchSpace(['a', 'b', 'c', 'd'].map(float), []);
  const covered = (sampler: Sampler, first: number) =>
    discrepancy(
      Array.from(
        { length: 64 },
        (_, k) => Object.values(suggested(sampler, first + k)) as number[],
      ),
    );
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    for (const first of [0, 1, 100]) {
      const ratio =
        covered(createSobol(space, seed), first) / covered(createRandom(space, seed), first);
      expect(ratio, `seed ${seed}, from trial ${first}`).toBeLessThan(0.5);
    }
  }
});

test('a point depends on seed and trial number alone, whatever else has been tried', () => {
  const space = searchSpace([float('a'), float('b')], ['a + b < 1.2']);
  const all = Array.from({ length: 40 }, (_, trial) => suggested(createSobol(space, 3), trial));
  const sampler = createSobol(space, 3);
  for (const trial of [30, 7, 39, 0, 12]) {
    const params = suggested(sampler, trial);
    expect(params).toEqual(all[trial]);
    sampler.observe({ trial, params, outcome: { state: 'completed', loss: trial } });
  }
  expect(suggested(createSobol(space, 4), 7)).not.toEqual(all[7]);
});

/** Every param of the space once, each observed before the next; then it is exhausted. */
function useUp(space: SearchSpace, trials: readonly number[]): Set<string> {
  const sampler = createSobol(space, 11);
  const keys = new Set<string>();
  for (const trial of trials) {
    const params = suggested(sampler, trial);
    keys.add(space.key(params));
    sampler.observe({ trial, params, outcome: { state: 'pending' } });
  }
  expect(sampler.suggest(trials.length)).toHaveProperty('exhausted', true);
  return keys;
}

test('a finite space is used up without a repeat, in any order of trials, and then exhausted', () => {
  const when = { a: { min: 7 } };
  const space = searchSpace([digit('a'), digit('b'), { ...digit('c'), when }], []);
  const order = Array.from({ length: 7 * 10 + 3 * 100 }, (_, k) => (k * 101) % 370);
  expect(useUp(space, order).size).toBe(370);
});

test('a constrained space of 10^6 whose 120 lawful params are found and counted exactly', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const space = searchSpace(names.map(digit), [
    'a < b',
    'b < c',
    'c == d',
    'd <= 9',
    'e == 0',
    'f == 0',
  ]);
  const lawful = (10 * 9 * 8) / 6;
  const order = Array.from({ length: lawful }, (_, k) => lawful - 1 - k);
  expect(useUp(space, order).size).toBe(lawful);
});

test('with a power of two choices and trials, every choice is tried equally often', () => {
  const choices = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const kind: Parameter = { name: 'kind', type: 'categorical', choices };
  const sampler = createSobol(searchSpace([float('x'), kind], []), 5);
  const tried = Array.from({ length: 64 }, (_, trial) => suggested(sampler, trial).kind);
  for (const choice of choices) expect(tried.filter((one) => one === choice)).toHaveLength(8);
});

test('follows priors: a quarter of the points lies in each quarter of the probability', () => {
  const prior = { mean: 0.3, sd: 0.1 };
  const x: Parameter = { name: 'x', type: 'float', low: 0, high: 1, log: false, prior };
  const sampler = createSobol(searchSpace([x], []), 2);
  const values = Array.from({ length: 64 }, (_, trial) => suggested(sampler, trial).x as number);
  values.sort((a, b) => a - b);
  // The quartiles of the normal distribution; the ends of the range are 3 and 7 sd away.
  const quartiles = [0.3 - 0.0674, 0.3, 0.3 + 0.0674];
  quartiles.forEach((quartile, i) => {
    const below = values.filter((value) => value < quartile).length;
    expect(Math.abs(below - 16 * (i + 1))).toBeLessThanOrEqual(1);
  });
});

test('beyond 1,024 parameters the rest is random, and everything still lawful', () => {
  const many = Array.from({ length: 1100 }, (_, i) => float(`x${i}`));
  const space = searchSpace(many, []);
  const params = suggested(createSobol(space, 1), 3);
  space.fromParams(params);
  expect(new Set(Object.values(params)).size).toBe(1100);
});
