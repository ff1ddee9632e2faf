// Multivariate tree-structured Parzen estimator, as Optuna 5.0.0 does it by default.
// Bergstra, Bardenet, Bengio & Kégl: "Algorithms for hyper-parameter optimization", NIPS 2011;
// Watanabe: arXiv 2304.11127 for what the variants do.
//
//   symbol   meaning
//   l, g     densities of params among the best trials (below) and among the others (above)
//   score    ln l(x) − ln g(x): expected improvement grows with it

import { randomStream } from '../../numerics/random-stream.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import { createHistory, observe, type History } from '../history.ts';
import { randomDraws } from '../random/random.ts';
import type { Sampler } from '../sampler.ts';
import { createUnused } from '../unused.ts';
import { blocksOf } from './dimension.ts';
import { propose } from './propose.ts';
import { split } from './split.ts';

export interface TpeOptions {
  /** Trials to end before the model is asked; until then draws are random. */
  startup: number;
  /** Draws from l of which the best by score is suggested. */
  candidates: number;
}

export const tpeDefaults: TpeOptions = { startup: 10, candidates: 24 };

export function createTpe(space: SearchSpace, seed: number, options: TpeOptions): Sampler {
  const history = createHistory(space);
  const blocks = blocksOf(space);
  const unused = createUnused(history);
  const drawRandom = randomDraws(space, unused, seed);

  const atRandom = (trial: number, code: string, text: string) => ({
    params: space.toParams(drawRandom(trial)),
    sampler: 'random',
    reason: { code, text },
  });

  return {
    name: 'tpe',
    observe: (change) => void observe(history, change),
    suggest(trial) {
      const pending = countPending(history);
      const ended = history.count - pending;
      if (ended < options.startup) {
        const text = `Start-up: drawn at random until ${options.startup} trials have ended (${ended} so far).`;
        return atRandom(trial, 'startup', text);
      }
      const parts = split(history);
      const stream = randomStream(seed, trial, 'tpe');
      const freshOnly = space.size !== Infinity && !unused.exhausted();
      const proposal = propose(history, blocks, parts, stream, {
        candidates: options.candidates,
        freshOnly,
      });
      if (proposal === undefined) {
        return atRandom(
          trial,
          'tpe-nothing-new',
          'Drawn at random: TPE had nothing lawful and new.',
        );
      }
      const { coordinates, score } = proposal;
      const text =
        `Best of ${options.candidates} candidates: ${ratio(score)} times as likely among the best ` +
        `${parts.below.length} trials as among the other ${parts.above.length} (${pending} pending).`;
      const params = space.toParams(coordinates);
      return { params, sampler: 'tpe', reason: { code: 'tpe', text } };
    },
  };
}

function countPending(history: History): number {
  return history.outcomes.reduce((sum, outcome) => sum + (outcome === 'pending' ? 1 : 0), 0);
}

function ratio(score: number): string {
  return Number(Math.exp(score).toPrecision(3)).toString();
}
