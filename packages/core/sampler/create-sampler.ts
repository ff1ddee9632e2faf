import type { SearchSpace } from '../space/search-space.ts';
import type { SamplerSpec } from '../space/study-spec.ts';
import { createAuto } from './auto/auto.ts';
import { createGrid } from './grid/grid.ts';
import { createRandom } from './random/random.ts';
import type { Sampler } from './sampler.ts';
import { createTpe } from './tpe/tpe.ts';

/** Makes a sampler; its options, if it has any, are in the closure. */
export type SamplerMaker = (space: SearchSpace, seed: number) => Sampler;

/** The sampler that `spec.type` names: one of `own`, else one of ours. */
export function createSampler(
  spec: SamplerSpec,
  space: SearchSpace,
  seed: number,
  own: Readonly<Record<string, SamplerMaker>> = {},
): Sampler {
  const maker = own[spec.type];
  if (maker !== undefined) return maker(space, seed);
  switch (spec.type) {
    case 'auto':
      return createAuto(space, seed);
    case 'random':
      return createRandom(space, seed);
    case 'grid':
      return createGrid(space, spec.counts);
    case 'tpe':
      return createTpe(space, seed, spec);
  }
}
