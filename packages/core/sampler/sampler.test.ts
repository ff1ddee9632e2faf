import { describe, expect, test } from 'vitest';
import type { SamplerSpec } from '../space/study-spec.ts';
import { createSampler } from './create-sampler.ts';
import { contractSpaces } from './testing/contract-spaces.ts';
import { samplerContract } from './testing/sampler-contract.ts';

const specs: SamplerSpec[] = [
  { type: 'random' },
  { type: 'sobol' },
  { type: 'grid', counts: { x: 3 } },
  { type: 'tpe', startup: 5, candidates: 8 },
  { type: 'auto' },
  { type: 'cma-es', width: 0.15, noisy: false, restarts: 'bipop' },
  { type: 'cma-es', population: 4, width: 0.3, noisy: true, restarts: 'ipop' },
  { type: 'nsga', population: 6, crossover: 0.9 },
];

for (const spec of specs) {
  describe(`the contract of samplers: ${JSON.stringify(spec)}`, () => {
    const cases = samplerContract((space, seed, objectives) =>
      createSampler(spec, space, seed, {}, objectives),
    );
    for (const { title, check } of cases) test(title, check);
  });
}

test("a sampler of one's own is found by its name; an unknown name is refused with those known", () => {
  const { space } = contractSpaces['one float']!;
  const mine = createSampler({ type: 'random' }, space, 1);
  expect(createSampler({ type: 'mine' }, space, 1, { mine: () => mine })).toBe(mine);
  expect(() => createSampler({ type: 'nime' }, space, 1, { mine: () => mine })).toThrow(
    'sampler: must be auto, random, sobol, grid, tpe, cma-es, nsga, mine, got nime',
  );
});
