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
import { propose, type Drafts } from './propose.ts';
import { createStartup } from './startup.ts';

/** With a quarter of the candidates a suggestion costs about half, and is still one of the model. */
const REDUCTION = 4;
const MOST_TIMES = 3;

export function createTpe(
  space: SearchSpace,
  seed: number,
  options: TpeOptions,
  objectives = 1,
): Sampler {
  const history = createHistory(space);
  const model = createModel(space, options, objectives);
  const joint = options.branches === 'joint' && options.multivariate && space.conditional;
  let pending = 0;
  const room: Drafts = { coordinates: [], kernels: [] };
  const unused = createUnused(history);
  const drawRandom = randomDraws(space, unused, seed);
  const startup = createStartup(space, options, { unused, seed, drawRandom });

  return {
    name: 'tpe',
    observe(change) {
      const learnt = observe(history, change);
      pending += isPending(learnt.after) - isPending(learnt.before);
      model.learn(learnt);
    },
    suggest(trial, effort = 'full') {
      const started = history.trials.size;
      const known = { started, ended: started - pending };
      if (!startup.over(known)) return startup.suggest(trial, known);
      const stream = randomStream(seed, trial, 'tpe');
      const freshOnly = space.size !== Infinity && !unused.exhausted();
      const wanted = candidatesOf(options, pending);
      const candidates = effort === 'full' ? wanted : Math.ceil(options.candidates / REDUCTION);
      const { blocks, below } = model;
      const proposal = propose({ history, blocks, stream, candidates, joint, freshOnly, room });
      if (proposal === undefined) {
        const text = 'Drawn at random: TPE had nothing lawful and new.';
        const params = space.toParams(drawRandom(trial));
        return { params, sampler: 'random', reason: { code: 'tpe-nothing-new', text } };
      }
      const { coordinates, score } = proposal;
      const text =
        `Best of ${candidates} candidates: ${ratio(score)} times as likely among the best ` +
        `${below.size} trials as among the other ${started - below.size} (${pending} pending).`;
      const params = space.toParams(coordinates);
      return { params, sampler: 'tpe', reason: { code: 'tpe', text } };
    },
  };
}

/**
 * A round of many trials at a time learns from the ones before it alone: with fewer rounds for the
 * same trials each suggestion has to make more of what is known.
 */
function candidatesOf({ candidates, perPending = 0 }: TpeOptions, pending: number): number {
  return Math.min(MOST_TIMES * candidates, candidates + perPending * pending);
}

function isPending(observed: Observed | undefined): number {
  return observed?.outcome.state === 'pending' ? 1 : 0;
}

function ratio(score: number): string {
  return Number(Math.exp(score).toPrecision(3)).toString();
}
