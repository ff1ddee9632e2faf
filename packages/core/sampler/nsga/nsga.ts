// NSGA-II, from four objectives on NSGA-III, with one child at a time, so that any number of trials
// may be pending. Deb et al.: IEEE Trans. Evol. Comp. 6 (2002) 182–197; details in the files beside
// this one.

import { randomStream, type RandomStream } from '../../numerics/random-stream.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import { encodingOf } from '../encoding.ts';
import { createHistory, isSame, observe, type Observed } from '../history.ts';
import { randomDraws } from '../random/random.ts';
import { lossesOf } from '../losses-of.ts';
import type { Sampler } from '../sampler.ts';
import { createUnused } from '../unused.ts';
import { isBetter, join, leave, newPopulation, ranked, type Individual } from './population.ts';
import { childOf, mutate } from './variation.ts';

export interface NsgaOptions {
  /** Trials that may be parents, and random ones at the start. */
  population: number;
  /** Share of the children that have two parents. */
  crossover: number;
}

const NAME = 'nsga';

export function createNsga(
  space: SearchSpace,
  seed: number,
  options: NsgaOptions,
  objectives: number,
): Sampler {
  const history = createHistory(space);
  const unused = createUnused(history);
  const drawRandom = randomDraws(space, unused, seed);
  const encoding = encodingOf(space);
  const population = newPopulation(options.population, objectives);

  const individual = ({ trial, coordinates, outcome }: Observed): Individual => {
    const unit = space.toUnit(coordinates);
    const losses = lossesOf(outcome, objectives);
    return { trial, coordinates, unit, outcome, losses, front: 0, crowding: 0 };
  };

  const child = (stream: RandomStream, parents: readonly [Individual, Individual]) => {
    const unit = childOf(parents, encoding, stream, options.crossover);
    mutate(unit, encoding, stream, false);
    const coordinates = space.fromUnit(unit);
    const isTwin = parents.some((parent) => isSame(parent.coordinates, coordinates));
    if (isTwin) mutate(unit, encoding, stream, true);
    return unit;
  };

  return {
    name: NAME,
    observe(change) {
      const { before, after } = observe(history, change);
      if (before !== undefined && before.outcome.state !== 'pending') {
        leave(population, before.trial);
      }
      // What failed has no losses: it is nobody's parent.
      if (after !== undefined && 'loss' in after.outcome) join(population, individual(after));
    },
    suggest(trial) {
      const nothingVaries = encoding.numbers.length + encoding.choices.length === 0;
      if (
        history.trials.size < options.population ||
        population.members.length < 2 ||
        nothingVaries
      ) {
        const text = `Start-up: drawn at random, for a population of ${options.population}.`;
        const params = space.toParams(drawRandom(trial));
        return { params, sampler: 'random', reason: { code: 'startup', text } };
      }
      const stream = randomStream(seed, trial, NAME);
      const members = ranked(population);
      const parents = [tournament(members, stream), tournament(members, stream)] as const;
      const coordinates = unused.draw(stream, () => child(stream, parents));
      const [a, b] = parents.map((parent) => parent.trial);
      const text =
        `Child of trials ${a} and ${b}: better of pairs among ${members.length} by front ` +
        `and by how much room is around them.`;
      return { params: space.toParams(coordinates), sampler: NAME, reason: { code: NAME, text } };
    },
  };
}

function tournament(members: readonly Individual[], stream: RandomStream): Individual {
  const a = members[stream.int(members.length)]!;
  const b = members[stream.int(members.length)]!;
  return isBetter(b, a) ? b : a;
}
