// Multivariate tree-structured Parzen estimator: as Optuna 5.0.0 does it by default, or with what did better.
// Bergstra, Bardenet, Bengio & Kégl: "Algorithms for hyper-parameter optimization", NIPS 2011;
// Watanabe: arXiv 2304.11127 for what the variants do.
//
//   symbol   meaning
//   l, g     densities of params among the best trials (below) and among the others (above)
//   score    ln l(x) − ln g(x): expected improvement grows with it

import { randomStream } from '../../numerics/random-stream.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import type { TpeOptions } from '../../space/tpe-options.ts';
import { createHistory, observe, type Observed } from '../history.ts';
import { randomDraws } from '../random/random.ts';
import type { Sampler } from '../sampler.ts';
import { createUnused } from '../unused.ts';
import { createModel } from './model.ts';
import { propose } from './propose.ts';

/** With a quarter of the candidates a suggestion costs about half, and is still one of the model. */
const REDUCTION = 4;

export function createTpe(
  space: SearchSpace,
  seed: number,
  options: TpeOptions,
  objectives = 1,
): Sampler {
  const history = createHistory(space);
  const model = createModel(space, options, objectives);
  let pending = 0;
  const unused = createUnused(history);
  const drawRandom = randomDraws(space, unused, seed);

  const atRandom = (trial: number, code: string, text: string) => ({
    params: space.toParams(drawRandom(trial)),
    sampler: 'random',
    reason: { code, text },
  });

  return {
    name: 'tpe',
    observe(change) {
      const learnt = observe(history, change);
      pending += isPending(learnt.after) - isPending(learnt.before);
      model.learn(learnt);
    },
    suggest(trial, effort = 'full') {
      const ended = history.trials.size - pending;
      if (ended < options.startup) {
        const text = `Start-up: drawn at random until ${options.startup} trials have ended (${ended} so far).`;
        return atRandom(trial, 'startup', text);
      }
      const stream = randomStream(seed, trial, 'tpe');
      const freshOnly = space.size !== Infinity && !unused.exhausted();
      const candidates =
        effort === 'full' ? options.candidates : Math.ceil(options.candidates / REDUCTION);
      const { blocks, below } = model;
      const proposal = propose({ history, blocks, stream, candidates, freshOnly });
      if (proposal === undefined) {
        return atRandom(
          trial,
          'tpe-nothing-new',
          'Drawn at random: TPE had nothing lawful and new.',
        );
      }
      const { coordinates, score } = proposal;
      const text =
        `Best of ${candidates} candidates: ${ratio(score)} times as likely among the best ` +
        `${below.size} trials as among the other ${history.trials.size - below.size} (${pending} pending).`;
      const params = space.toParams(coordinates);
      return { params, sampler: 'tpe', reason: { code: 'tpe', text } };
    },
  };
}

function isPending(observed: Observed | undefined): number {
  return observed?.outcome.state === 'pending' ? 1 : 0;
}

function ratio(score: number): string {
  return Number(Math.exp(score).toPrecision(3)).toString();
}
