import { fail } from '../errors/index.ts';
import { samplerNames } from '../space/search-schema.ts';
import type { SearchSpace } from '../space/search-space.ts';
import type { SamplerSpec } from '../space/study-spec.ts';
import { createAuto } from './auto/auto.ts';
import { createCmaEs } from './cma-es/cma-es.ts';
import { createDifferentialEvolution } from './differential-evolution/differential-evolution.ts';
import { createGrid } from './grid/grid.ts';
import { createNsga } from './nsga/nsga.ts';
import { createRandom } from './random/random.ts';
import { createRegularizedEvolution } from './regularized-evolution/regularized-evolution.ts';
import type { Sampler } from './sampler.ts';
import { createSobol } from './sobol/sobol.ts';
import { createTpe } from './tpe/tpe.ts';

/**
 * Makes a sampler; its options, if it has any, are in the closure. `objectives` is how many losses
 * a completed trial has.
 */
export type SamplerMaker = (space: SearchSpace, seed: number, objectives: number) => Sampler;

/** One of ours needs all of its options: what a study file leaves out is not ours to guess. */
type Complete<Spec extends { type: string }> = Spec extends { type: SamplerSpec['type'] }
  ? SamplerSpec
  : Spec;

/**
 * The sampler that `spec.type` names: one of `own`, else one of ours. With several objectives those
 * that know one only minimise the first.
 */
export function createSampler<Spec extends { type: string }>(
  spec: Complete<Spec>,
  space: SearchSpace,
  seed: number,
  own?: Readonly<Record<string, SamplerMaker>>,
  objectives?: number,
): Sampler;
export function createSampler(
  spec: { type: string },
  space: SearchSpace,
  seed: number,
  own: Readonly<Record<string, SamplerMaker>> = {},
  objectives = 1,
): Sampler {
  const maker = own[spec.type];
  if (maker !== undefined) return maker(space, seed, objectives);
  const ours = spec as SamplerSpec;
  switch (ours.type) {
    case 'auto':
      return createAuto(space, seed, objectives);
    case 'random':
      return createRandom(space, seed);
    case 'sobol':
      return createSobol(space, seed);
    case 'grid':
      return createGrid(space, ours.counts);
    case 'tpe':
      return createTpe(space, seed, ours, objectives);
    case 'cma-es':
      return createCmaEs(space, seed, ours);
    case 'nsga':
      return createNsga(space, seed, ours, objectives);
    case 'regularized-evolution':
      return createRegularizedEvolution(space, seed, ours, objectives);
    case 'differential-evolution':
      return createDifferentialEvolution(space, seed, ours);
    default: {
      const names = [...samplerNames, ...Object.keys(own)];
      throw fail('input.value', 'sampler', { expected: names.join(', '), got: spec.type });
    }
  }
}
