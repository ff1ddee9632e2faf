import { randomStream } from '../../numerics/random-stream.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import { createHistory, observe } from '../history.ts';
import type { Sampler } from '../sampler.ts';
import { createUnused, type Unused } from '../unused.ts';
import { unitPrior } from './unit-prior.ts';

/**
 * Independent draws from the priors (uniform on each parameter's scale without one). Never
 * exhausted.
 */
export function createRandom(space: SearchSpace, seed: number): Sampler {
  const history = createHistory(space);
  const draw = randomDraws(space, createUnused(history), seed);
  /** Where there are more params than anybody can use, nothing need be known. */
  const learns = space.size !== Infinity;
  return {
    name: 'random',
    observe: (change) => void (learns && observe(history, change)),
    suggest: (trial) => ({
      params: space.toParams(draw(trial)),
      sampler: 'random',
      reason: { code: 'random', text: 'Drawn at random.' },
    }),
  };
}

/**
 * trial → lawful coordinates, not yet used while a finite space has others: what other samplers
 * begin with.
 */
export function randomDraws(
  space: SearchSpace,
  unused: Unused,
  seed: number,
): (trial: number) => Float64Array {
  const priors = space.parameters.map(unitPrior);
  return (trial) => {
    const stream = randomStream(seed, trial, 'random');
    const unit = new Float64Array(space.dimensions);
    return unused.draw(stream, () => {
      for (let d = 0; d < unit.length; d++) unit[d] = priors[d]!(stream.next());
      return unit;
    });
  };
}
