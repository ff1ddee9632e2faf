// Quasi-random search: trial k tries point k of a scrambled Sobol sequence.
//
//   symbol      meaning
//   point k, r  point k of replicate r of the sequence (numerics/sobol.ts), by the seed
//   replicate   what the first one is for all trials, the next one is for those whose point was refused

import { randomStream } from '../../numerics/random-stream.ts';
import { mostSobolDimensions } from '../../numerics/sobol-directions.ts';
import { sobolSequence } from '../../numerics/sobol.ts';
import { axisOf } from '../../space/axis.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import { createHistory, observe } from '../history.ts';
import { unitPrior } from '../random/unit-prior.ts';
import type { Sampler } from '../sampler.ts';
import { createUnused, type Unused } from '../unused.ts';

/**
 * The points of trial k depend on seed and k alone: the first that is lawful is suggested and, in a
 * finite space, not used yet. Exhausted when nothing is left.
 */
export function createSobol(space: SearchSpace, seed: number): Sampler {
  const history = createHistory(space);
  const unused = createUnused(history);
  const draw = sobolDraws(space, unused, seed);
  return {
    name: 'sobol',
    observe: (change) => void observe(history, change),
    suggest(trial) {
      if (unused.exhausted()) {
        const text = 'All params of the space have been used.';
        return { exhausted: true, reason: { code: 'space-exhausted', text } };
      }
      const text = `Point ${trial} of a scrambled Sobol sequence.`;
      const params = space.toParams(draw(trial));
      return { params, sampler: 'sobol', reason: { code: 'sobol', text } };
    },
  };
}

/**
 * trial → lawful coordinates, not yet used while a finite space has others. The sequence is made
 * when it is first asked: with many dimensions that takes a while.
 */
export function sobolDraws(
  space: SearchSpace,
  unused: Unused,
  seed: number,
): (trial: number) => Float64Array {
  let pointsOf: ReturnType<typeof sobolPoints> | undefined;
  return (trial) => {
    pointsOf ??= sobolPoints(space, seed);
    return unused.draw(randomStream(seed, trial, 'sobol'), pointsOf(trial));
  };
}

/**
 * trial → its points of the unit cube, one after the other. A parameter of one value needs no
 * dimension of the sequence; parameters beyond its last one are random.
 */
function sobolPoints(space: SearchSpace, seed: number): (trial: number) => () => Float64Array {
  const priors = space.parameters.map(unitPrior);
  const free = space.parameters.flatMap((parameter, d) => (axisOf(parameter).cells > 1 ? [d] : []));
  const spread = free.slice(0, mostSobolDimensions);
  const rest = free.slice(mostSobolDimensions);
  const sequence = sobolSequence(spread.length, seed);
  return (trial) => {
    const stream = randomStream(seed, trial, 'sobol-rest');
    const point = new Float64Array(spread.length);
    const unit = new Float64Array(space.dimensions);
    let replicate = 0;
    return () => {
      sequence.point(trial, replicate++, point);
      spread.forEach((d, i) => (unit[d] = priors[d]!(point[i]!)));
      for (const d of rest) unit[d] = priors[d]!(stream.next());
      return unit;
    };
  };
}
