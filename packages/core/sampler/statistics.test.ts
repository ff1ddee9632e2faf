import { describe, expect, test } from 'vitest';
import {
  cmaEsDefaults,
  differentialEvolutionDefaults,
  regularizedEvolutionDefaults,
} from '../space/evolution-options.ts';
import type { SamplerSpec } from '../space/study-spec.ts';
import { tpeDefaults, tpeParity } from '../space/tpe-options.ts';
import { createSampler } from './create-sampler.ts';
import { bestLoss, bowl, branches, training, type Problem } from './testing/problems.ts';

const problems = { bowl, training, branches };
const names = Object.keys(problems) as (keyof typeof problems)[];
const seeds = Array.from({ length: 40 }, (_, i) => 101 + i);
/** Of them, where a share of seeds is asked. */
const few = 12;
const trials = 50;

/** With the options of a study file that gives none. */
const cmaEs: SamplerSpec = { type: 'cma-es', ...cmaEsDefaults };
const tpe: SamplerSpec = { type: 'tpe', ...tpeDefaults };
const parity: SamplerSpec = { type: 'tpe', ...tpeParity };

const nameOf = (spec: SamplerSpec) => (spec === parity ? 'tpe with parity' : spec.type);

const regularized: SamplerSpec = {
  type: 'regularized-evolution',
  ...regularizedEvolutionDefaults,
};
const differential: SamplerSpec = {
  type: 'differential-evolution',
  ...differentialEvolutionDefaults,
};
/** Trials of evolutions that begin with a population drawn at random. */
const slowly = 300;

const known = new Map<string, number[]>();

/** The best losses with the first `count` of the seeds. */
function losses(
  spec: SamplerSpec,
  name: keyof typeof problems,
  parallel: number,
  count = seeds.length,
  length = trials,
): number[] {
  const key = `${nameOf(spec)} ${name} ${parallel} ${length}`;
  const problem: Problem = problems[name];
  const found = known.get(key) ?? [];
  known.set(key, found);
  for (const seed of seeds.slice(found.length, count)) {
    found.push(bestLoss(createSampler(spec, problem.space, seed), problem, length, parallel));
  }
  return found.slice(0, count);
}

describe('k of n seeds reach epsilon', () => {
  // Each holds for a seed with probability 0.9 or more, and 6 misses of 12 then are rarer than 1 in
  // 1,000.
  const epsilons: [SamplerSpec, Record<keyof typeof problems, number>][] = [
    [{ type: 'random' }, { bowl: 14, training: 1.5, branches: 1 }],
    [{ type: 'sobol' }, { bowl: 14, training: 1.5, branches: 1 }],
    [tpe, { bowl: 2, training: 0.5, branches: 0.4 }],
    [parity, { bowl: 2, training: 0.5, branches: 0.4 }],
    [{ type: 'auto' }, { bowl: 2, training: 0.5, branches: 0.4 }],
    [cmaEs, { bowl: 3, training: 0.5, branches: 0.5 }],
  ];
  for (const [spec, epsilon] of epsilons) {
    for (const name of names) {
      test(`${nameOf(spec)} comes close on ${name} in ${trials} trials`, () => {
        const reached = losses(spec, name, 1, few).filter((loss) => loss <= epsilon[name]);
        expect(reached.length, `seeds ${seeds.slice(0, few).join()}`).toBeGreaterThanOrEqual(7);
      });
    }
  }

  test('grid finds the best of its own points, whatever the seed', () => {
    const counts = { a: 3, b: 3, c: 3, d: 3 };
    const best = bestLoss(createSampler({ type: 'grid', counts }, bowl.space, 1), bowl, 100);
    // Levels −5, 0 and 5: the nearest to 2 is 0.
    expect(best).toBe(16);
  });
});

const beatRandom: [SamplerSpec, number][] = [
  [tpe, trials],
  [parity, trials],
  [{ type: 'auto' }, trials],
  [cmaEs, trials],
  [regularized, slowly],
  [differential, slowly],
];

for (const [spec, length] of beatRandom) {
  describe(`${nameOf(spec)} beats random`, () => {
    for (const parallel of [1, 8]) {
      test(`by a one-sided paired t-test on log losses, ${parallel} trials at a time`, () => {
        const gains = names.flatMap((name) => {
          const theirs = losses(spec, name, parallel, seeds.length, length);
          const random = losses({ type: 'random' }, name, parallel, seeds.length, length);
          return random.map((loss, i) => Math.log(loss + 1e-3) - Math.log(theirs[i]! + 1e-3));
        });
        const n = gains.length;
        const mean = gains.reduce((sum, gain) => sum + gain, 0) / n;
        const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (n - 1);
        // The 0.999 quantile of Student's t with 119 degrees of freedom. The weakest here, cma-es with
        // 8 at a time, has 6.6 ± 1 with other seeds: as good a sampler fails once in 1,000 times.
        expect(mean / Math.sqrt(variance / n), `seeds ${seeds.join()}`).toBeGreaterThan(3.16);
      });
    }
  });
}
