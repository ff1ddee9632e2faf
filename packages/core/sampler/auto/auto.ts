import type { SearchSpace } from '../../space/search-space.ts';
import type { Sampler } from '../sampler.ts';
import { createTpe, tpeDefaults } from '../tpe/tpe.ts';

/** The default: TPE after its random start-up. Every suggestion says which of the two made it. */
export function createAuto(space: SearchSpace, seed: number): Sampler {
  return { ...createTpe(space, seed, tpeDefaults), name: 'auto' };
}
