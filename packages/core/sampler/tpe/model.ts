import type { SearchSpace } from '../../space/search-space.ts';
import type { Learnt, Observed } from '../history.ts';
import { blocksOf } from './factors.ts';
import { createMixture, type Mixture } from './mixture.ts';
import { createRanking } from './ranking.ts';

/** l and g of one block, of the trials in which it is active. */
export interface Block {
  /** Its first parameter: the others are active with it. */
  readonly first: number;
  readonly below: Mixture;
  readonly above: Mixture;
}

/**
 * The densities of the best trials (below) and of all others (above), current after every change.
 * Pending trials are above: that alone keeps parallel suggestions apart (Optuna 5.0.0,
 * `constant_liar`). So are failed and infeasible ones, where Optuna drops failed ones: the model
 * learns to stay away.
 */
export interface Model {
  readonly blocks: readonly Block[];
  readonly below: ReadonlySet<number>;
  learn(learnt: Learnt): void;
}

export function createModel(space: SearchSpace): Model {
  const blocks = blocksOf(space).map((block) => ({
    first: block[0]!,
    below: createMixture(space.parameters, block, true),
    above: createMixture(space.parameters, block, false),
  }));
  const ranking = createRanking();
  let best: readonly Observed[] = [];
  const below = new Set<number>();

  const put = ({ trial, coordinates }: Observed, side: 'below' | 'above'): void => {
    for (const block of blocks) {
      if (!Number.isNaN(coordinates[block.first]!)) block[side].insert(trial, coordinates);
    }
  };
  const take = ({ trial, coordinates }: Observed, side: 'below' | 'above'): void => {
    for (const block of blocks) {
      if (!Number.isNaN(coordinates[block.first]!)) block[side].remove(trial);
    }
  };

  return {
    blocks,
    below,
    learn({ before, after }) {
      const moved = before?.coordinates !== after?.coordinates;
      if (before !== undefined) ranking.remove(before);
      if (after !== undefined) ranking.add(after);
      if (moved && before !== undefined) {
        take(before, below.delete(before.trial) ? 'below' : 'above');
      }
      if (moved && after !== undefined) put(after, 'above');
      const wanted = ranking.best();
      const numbers = new Set(wanted.map(({ trial }) => trial));
      for (const trial of best) {
        if (numbers.has(trial.trial) || !below.delete(trial.trial)) continue;
        take(trial, 'below');
        put(trial, 'above');
      }
      for (const trial of wanted) {
        if (below.has(trial.trial)) continue;
        below.add(trial.trial);
        take(trial, 'above');
        put(trial, 'below');
      }
      best = wanted;
    },
  };
}
