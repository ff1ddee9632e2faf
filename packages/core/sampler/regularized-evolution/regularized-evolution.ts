// Regularised (ageing) evolution: Real, Aggarwal, Huang & Le: "Regularized evolution for image
// classifier architecture search", AAAI 2019, arXiv 1802.01548, algorithm 1. It never waits: a child
// is made of what has ended.
//
//   symbol   meaning
//   P        `population`: so many of the newest trials may be parents
//   S        `sample`: so many of them compete to be one

import { randomStream, type RandomStream } from '../../numerics/random-stream.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import { encodingOf } from '../encoding.ts';
import { createHistory, observe, type Observed } from '../history.ts';
import { mutateOne } from '../mutation.ts';
import { randomDraws } from '../random/random.ts';
import { unitPrior } from '../random/unit-prior.ts';
import type { Sampler } from '../sampler.ts';
import { createUnused } from '../unused.ts';
import { createAgeingPopulation } from './ageing-population.ts';
import { tournament } from './tournament.ts';

export interface RegularizedEvolutionOptions {
  /** The newest trials that may be parents, and random ones at the start. */
  population: number;
  /** Of these compete to be the parent. */
  sample: number;
}

const NAME = 'regularized-evolution';

export function createRegularizedEvolution(
  space: SearchSpace,
  seed: number,
  options: RegularizedEvolutionOptions,
  objectives: number,
): Sampler {
  const history = createHistory(space);
  const unused = createUnused(history);
  const drawRandom = randomDraws(space, unused, seed);
  const encoding = encodingOf(space);
  const nothingVaries = encoding.numbers.length + encoding.choices.length === 0;
  const priors = space.parameters.map(unitPrior);
  const population = createAgeingPopulation(options.population);

  /** Parameters that the change makes active are drawn from their priors. */
  const mutant = ({ coordinates }: Observed, stream: RandomStream): Float64Array => {
    const unit = space.toUnit(coordinates);
    coordinates.forEach((coordinate, i) => {
      if (Number.isNaN(coordinate)) unit[i] = priors[i]!(stream.next());
    });
    mutateOne(coordinates, unit, encoding, stream);
    return unit;
  };

  return {
    name: NAME,
    observe(change) {
      const { before, after } = observe(history, change);
      // What failed has no losses: it is nobody's parent and takes nobody's place.
      if (before !== undefined && 'loss' in before.outcome) population.remove(before);
      if (after !== undefined && 'loss' in after.outcome) population.add(after);
    },
    suggest(trial) {
      if (history.trials.size < options.population || population.count < 2 || nothingVaries) {
        const text = `Start-up: drawn at random, for a population of ${options.population}.`;
        const params = space.toParams(drawRandom(trial));
        return { params, sampler: 'random', reason: { code: 'startup', text } };
      }
      const stream = randomStream(seed, trial, NAME);
      let parent: Observed | undefined;
      const coordinates = unused.draw(stream, () => {
        parent = tournament(population, options.sample, objectives, stream);
        return mutant(parent, stream);
      });
      const text =
        `Trial ${parent!.trial} with one parameter changed: the best of ${options.sample} of the ` +
        `${population.count} newest.`;
      return { params: space.toParams(coordinates), sampler: NAME, reason: { code: NAME, text } };
    },
  };
}
