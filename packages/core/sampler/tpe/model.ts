import type { SearchSpace } from '../../space/search-space.ts';
import type { Learnt, Observed } from '../history.ts';
import { blocksOf } from './factors.ts';
import type { TpeOptions } from '../../space/tpe-options.ts';
import { rankWeights } from './kernel-weight.ts';
import { createMixture, type Mixture } from './mixture.ts';
import { createParetoRanking } from './pareto-ranking.ts';
import { createRanking } from './ranking.ts';

/** l and g of one block, of the trials in which it is active. */
export interface Block {
  /** Its first parameter: the others are active with it. */
  readonly first: number;
  readonly below: Mixture;
  readonly above: Mixture;
}

/** From that width on, as a share of the range. */
const wide = 0.1;

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

export function createModel(
  space: SearchSpace,
  { weights, smoothing, liar, multivariate }: Omit<TpeOptions, 'startup' | 'candidates'>,
  objectives = 1,
): Model {
  // Wide kernels need fewer to cover what the others say.
  const newest = smoothing >= wide ? 128 : 512;
  const together = multivariate ? blocksOf(space) : space.parameters.map((_, index) => [index]);
  const blocks = together.map((block) => ({
    first: block[0]!,
    below: createMixture(space.parameters, block, { drawn: true, least: 0, newest: 512 }),
    above: createMixture(space.parameters, block, { drawn: false, least: smoothing, newest }),
  }));
  const ranking = objectives > 1 ? createParetoRanking(objectives) : createRanking();
  let best: readonly Observed[] = [];
  /** Of as many as are best. */
  let byRank: readonly number[] = [];
  const below = new Set<number>();
  /** On no side yet: who is below at the next question need not be above before. */
  const waiting = new Map<number, Observed>();
  const pending = new Set<number>();
  const weightAbove = (trial: number, byAge: number): number => {
    return pending.has(trial) ? liar * byAge : byAge;
  };

  const put = ({ trial, coordinates }: Observed, side: 'below' | 'above'): void => {
    for (let b = 0; b < blocks.length; b++) {
      const block = blocks[b]!;
      if (!Number.isNaN(coordinates[block.first]!)) block[side].insert(trial, coordinates);
    }
  };
  const take = ({ trial, coordinates }: Observed, side: 'below' | 'above'): void => {
    for (let b = 0; b < blocks.length; b++) {
      const block = blocks[b]!;
      if (!Number.isNaN(coordinates[block.first]!)) block[side].remove(trial);
    }
  };

  /** Puts trials below and above as they rank now. */
  const settle = (): void => {
    rank();
    for (const trial of waiting.values()) put(trial, 'above');
    waiting.clear();
  };

  /** Moves what ranks otherwise than before. */
  const rank = (): void => {
    const wanted = ranking.best();
    if (wanted === best) return;
    /** By trial. */
    const places = new Map<number, number>();
    for (const { trial } of wanted) places.set(trial, places.size);
    for (const trial of best) {
      if (places.has(trial.trial) || !below.delete(trial.trial)) continue;
      take(trial, 'below');
      put(trial, 'above');
    }
    for (const trial of wanted) {
      if (below.has(trial.trial)) continue;
      below.add(trial.trial);
      if (!waiting.delete(trial.trial)) take(trial, 'above');
      put(trial, 'below');
    }
    best = wanted;
    if (weights === 'rank') {
      if (byRank.length !== wanted.length) byRank = rankWeights(wanted.length);
      for (const block of blocks) block.below.weigh((trial) => byRank[places.get(trial)!]!);
    } else if (objectives > 1) {
      for (const block of blocks) block.below.weigh(() => 1);
    }
  };

  return {
    get blocks() {
      settle();
      return blocks;
    },
    get below() {
      settle();
      return below;
    },
    learn({ before, after }) {
      const moved = before?.coordinates !== after?.coordinates;
      if (before !== undefined) ranking.remove(before);
      if (after !== undefined) ranking.add(after);
      if (moved && before !== undefined && !waiting.delete(before.trial)) {
        take(before, below.delete(before.trial) ? 'below' : 'above');
      }
      if (moved && after !== undefined) waiting.set(after.trial, after);
      if (liar < 1) {
        pending.delete(before?.trial ?? NaN);
        if (after?.outcome.state === 'pending') pending.add(after.trial);
        for (const { above } of blocks) above.weigh(weightAbove, pending);
      }
    },
  };
}
