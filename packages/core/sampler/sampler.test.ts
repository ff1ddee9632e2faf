import { describe, expect, test } from 'vitest';
import { tpeDefaults } from '../space/tpe-options.ts';
import { createSampler } from './create-sampler.ts';
import { contractSpaces } from './testing/contract-spaces.ts';
import { samplerContract } from './testing/sampler-contract.ts';
import { samplerSpecs } from './testing/sampler-specs.ts';

for (const spec of samplerSpecs) {
  describe(`the contract of samplers: ${JSON.stringify(spec)}`, () => {
    const cases = samplerContract((space, seed, objectives) =>
      createSampler(spec, space, seed, {}, objectives),
    );
    for (const { title, check } of cases) test(title, check);
  });
}

test('what a study file leaves out is not guessed: options of ours are all given, or types complain', () => {
  const { space } = contractSpaces['one float']!;
  // @ts-expect-error: without weights, smoothing and liar it is neither the default nor parity.
  createSampler({ type: 'tpe', startup: 10, candidates: 24 }, space, 1);
  // @ts-expect-error: no population.
  createSampler({ type: 'nsga' }, space, 1, {}, 2);
  createSampler({ type: 'tpe', ...tpeDefaults }, space, 1);
});

test("a sampler of one's own is found by its name; an unknown name is refused with those known", () => {
  const { space } = contractSpaces['one float']!;
  const mine = createSampler({ type: 'random' }, space, 1);
  expect(createSampler({ type: 'mine' }, space, 1, { mine: () => mine })).toBe(mine);
  expect(() => createSampler({ type: 'nime' }, space, 1, { mine: () => mine })).toThrow(
    'sampler: must be auto, random, sobol, grid, tpe, cma-es, nsga, regularized-evolution, differential-evolution, mine, got nime',
  );
});
