// Goal: the restarts are those of Hansen, "Benchmarking a BI-population CMA-ES on the BBOB-2009
// function testbed", GECCO 2009, section 2. Method: runs of known length end, and what follows is
// compared with the rules there.

import { describe, expect, test } from 'vitest';
import { randomStream } from '../../numerics/random-stream.ts';
import { searchSpace } from '../../space/search-space.ts';
import { encodingOf } from '../encoding.ts';
import { newRestarts, nextStart, type RestartRule } from './restarts.ts';
import { isOver, newRun } from './run.ts';
import { startByPriors } from './warm-start.ts';

const space = searchSpace([{ name: 'x', type: 'float', low: 0, high: 1, log: false }], []);
const encoding = encodingOf(space);
const lambda = 6;
const width = 0.1;

/** The runs after the first, each with the trials that it took: a run by its restriction or 100 λ. */
function runs(rule: RestartRule, count: number, seed: number) {
  const restarts = newRestarts(lambda);
  let spent = 700;
  return Array.from({ length: count }, (_, number) => {
    const stream = randomStream(seed, number, 'restarts test');
    const next = nextStart(restarts, { spent }, { encoding, rule, width, stream });
    spent = Math.min(next.limit, 100 * next.lambda);
    return { ...next, regime: restarts.regime, spent };
  });
}

describe('bipop', () => {
  const seeds = [1, 2, 3, 4, 5];

  test('a large run has twice the samples of the large one before it, and no limit', () => {
    for (const seed of seeds) {
      const large = runs('bipop', 40, seed).filter(({ regime }) => regime === 'large');
      expect(large.length).toBeGreaterThan(3);
      large.forEach((run, i) => {
        expect(run.lambda).toBe(lambda * 2 ** (i + 1));
        expect(run.limit).toBe(Infinity);
        expect(run.start.spread).toEqual(startByPriors(encoding, width).spread);
      });
    }
  });

  test('the regime that has had fewer trials is next, the large one among equals', () => {
    for (const seed of seeds) {
      const had = { large: 0, small: 0 };
      for (const { regime, spent } of runs('bipop', 40, seed)) {
        expect(regime, `seed ${seed}`).toBe(had.large <= had.small ? 'large' : 'small');
        if (regime !== 'first') had[regime] += spent;
      }
    }
  });

  test('a small run takes at most half the trials of the last large one, and has λ to λ_large/2 samples', () => {
    for (const seed of seeds) {
      let last = { lambda, spent: 0 };
      for (const run of runs('bipop', 40, seed)) {
        if (run.regime === 'large') {
          last = run;
          continue;
        }
        expect(run.limit, `seed ${seed}`).toBe(last.spent / 2);
        expect(run.lambda).toBeGreaterThanOrEqual(lambda);
        expect(run.lambda).toBeLessThanOrEqual(Math.max(lambda, last.lambda / 2));
      }
    }
  });

  test('small runs begin with a step of a hundredth of the width up to all of it', () => {
    const small = seeds.flatMap((seed) => {
      return runs('bipop', 40, seed).filter(({ regime }) => regime === 'small');
    });
    const widths = small.map(({ start }) => Math.sqrt(start.spread[0]!) / width);
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(0.01);
    expect(Math.max(...widths)).toBeLessThanOrEqual(1);
  });
});

test('ipop doubles each time, until generations would outlast every study', () => {
  const sizes = runs('ipop', 12, 1).map((run) => run.lambda / lambda);
  expect(sizes).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 512, 512]);
});

test('a run is over at its limit, whatever it still finds', () => {
  const given = { number: 1, lambda, limit: 60, noisy: false };
  const run = newRun(encoding, startByPriors(encoding, width), given);
  run.spent = 59;
  expect(isOver(run, encoding)).toBe(false);
  run.spent = 60;
  expect(isOver(run, encoding)).toBe(true);
});
