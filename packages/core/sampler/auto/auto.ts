import { nsgaDefaults } from '../../space/evolution-options.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import { createNsga } from '../nsga/nsga.ts';
import type { Sampler } from '../sampler.ts';
import { tpeDefaultsFor } from '../../space/tpe-options.ts';
import { createTpe } from '../tpe/tpe.ts';

/** Several objectives: from that trial on the front has parents enough (docs/decisions/0017). */
const PARENTS_FROM = 250;

/**
 * The default: TPE after its random start-up; with several objectives NSGA-II, or III, goes on from
 * what it found. Every suggestion says what made it.
 */
export function createAuto(space: SearchSpace, seed: number, objectives: number): Sampler {
  const tpe = createTpe(space, seed, tpeDefaultsFor(objectives), objectives);
  if (objectives === 1) return { ...tpe, name: 'auto' };
  const nsga = createNsga(space, seed, nsgaDefaults, objectives);
  return {
    name: 'auto',
    observe(change) {
      if (change.trial < PARENTS_FROM) tpe.observe(change);
      nsga.observe(change);
    },
    suggest(trial, effort) {
      return (trial < PARENTS_FROM ? tpe : nsga).suggest(trial, effort);
    },
  };
}
