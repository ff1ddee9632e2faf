import { describe, test } from 'vitest';
import type { SamplerSpec } from '../space/study-spec.ts';
import { createSampler } from './create-sampler.ts';
import { samplerContract } from './testing/sampler-contract.ts';

const specs: SamplerSpec[] = [
  { type: 'random' },
  { type: 'grid', counts: { x: 3 } },
  { type: 'tpe', startup: 5, candidates: 8 },
  { type: 'auto' },
];

for (const spec of specs) {
  describe(`the contract of samplers: ${spec.type}`, () => {
    const cases = samplerContract((space, seed) => createSampler(spec, space, seed));
    for (const { title, check } of cases) test(title, check);
  });
}
