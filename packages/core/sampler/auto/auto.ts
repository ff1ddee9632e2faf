import { nsgaDefaults } from '../../space/evolution-options.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import { createNsga } from '../nsga/nsga.ts';
import type { Sampler } from '../sampler.ts';
import { tpeDefaults } from '../../space/tpe-options.ts';
import { createTpe } from '../tpe/tpe.ts';

/**
 * The default: TPE after its random start-up, or NSGA-II with several objectives. Every suggestion
 * says what made it.
 */
export function createAuto(space: SearchSpace, seed: number, objectives: number): Sampler {
  const chosen =
    objectives === 1
      ? createTpe(space, seed, tpeDefaults)
      : createNsga(space, seed, nsgaDefaults, objectives);
  return { ...chosen, name: 'auto' };
}
