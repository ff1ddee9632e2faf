import type { SearchSpace } from '../../space/search-space.ts';
import type { TpeOptions } from '../../space/tpe-options.ts';
import { sobolDraws } from '../sobol/sobol.ts';
import type { Suggestion } from '../sampler.ts';
import type { Unused } from '../unused.ts';

/** How many trials there are, and how many of them have ended. */
interface Known {
  started: number;
  ended: number;
}

interface Startup {
  over(known: Known): boolean;
  suggest(trial: number, known: Known): Suggestion;
}

/**
 * What comes before the model. It waits for few trials to end: with many workers all of them would
 * be busy with blind guesses until the last of the first ones has ended. Failed trials have ended:
 * they are knowledge, too.
 */
export function createStartup(
  space: SearchSpace,
  { startup, ended: wanted = startup, initial = 'random' }: TpeOptions,
  { unused, seed, drawRandom }: Draws,
): Startup {
  const least = Math.min(wanted, startup);
  const draw = initial === 'sobol' ? sobolDraws(space, unused, seed) : drawRandom;
  return {
    over: ({ started, ended }) => started >= startup && ended >= least,
    suggest(trial, { started, ended }) {
      const what =
        initial === 'sobol' ? `point ${trial} of a scrambled Sobol sequence` : 'drawn at random';
      const text =
        `Start-up: ${what}, until ${startup} trials have been started and ${least} have ended ` +
        `(${started} and ${ended} so far).`;
      const params = space.toParams(draw(trial));
      return { params, sampler: initial, reason: { code: 'startup', text } };
    },
  };
}

/** Where the start-up takes its params from. */
interface Draws {
  unused: Unused;
  seed: number;
  drawRandom(trial: number): Float64Array;
}
