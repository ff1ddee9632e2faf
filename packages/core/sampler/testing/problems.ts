// Cheap functions with known optima, for statistical contracts. Each has the minimum 0.

import { searchSpace, type SearchSpace } from '../../space/search-space.ts';
import type { Params } from '../../space/study-spec.ts';
import type { Sampler } from '../sampler.ts';

export interface Problem {
  space: SearchSpace;
  loss(params: Params): number;
}

const square = (x: number) => x * x;

/** A bowl whose minimum is off the centre. */
export const bowl: Problem = {
  space: searchSpace(
    ['a', 'b', 'c', 'd'].map((name) => ({ name, type: 'float', low: -5, high: 5, log: false })),
    [],
  ),
  loss: (params) => Object.values(params).reduce<number>((sum, x) => sum + square(+x! - 2), 0),
};

/** What a training asks for: a learning rate, a size, a choice and a rate with steps. */
export const training: Problem = {
  space: searchSpace(
    [
      { name: 'lr', type: 'float', low: 1e-5, high: 1, log: true },
      { name: 'units', type: 'int', low: 8, high: 512, log: true, step: 1 },
      { name: 'act', type: 'categorical', choices: ['relu', 'gelu', 'tanh', 'elu', 'selu'] },
      { name: 'drop', type: 'float', low: 0, high: 0.9, step: 0.1, log: false },
    ],
    [],
  ),
  loss: ({ lr, units, act, drop }) =>
    square(Math.log10(+lr!) + 3) +
    square(Math.log2(+units! / 64)) / 4 +
    (act === 'gelu' ? 0 : act === 'relu' ? 0.3 : 1) +
    5 * square(+drop! - 0.2),
};

/** The best branch has most parameters of its own. */
export const branches: Problem = {
  space: searchSpace(
    [
      { name: 'solver', type: 'categorical', choices: ['adam', 'sgd', 'lbfgs'] },
      { name: 'lr', type: 'float', low: 1e-5, high: 1, log: true },
      { name: 'momentum', type: 'float', low: 0, high: 1, log: false, when: { solver: 'sgd' } },
      { name: 'decay', type: 'float', low: 0, high: 1, log: false, when: { solver: 'sgd' } },
      { name: 'beta', type: 'float', low: 0, high: 1, log: false, when: { solver: 'adam' } },
    ],
    [],
  ),
  loss: ({ solver, lr, momentum, decay, beta }) => {
    const own = square(Math.log10(+lr!) + 2);
    if (solver === 'lbfgs') return own + 2;
    if (solver === 'adam') return own + 1 + square(+beta! - 0.5);
    return own + 2 * square(+momentum! - 0.9) + 2 * square(+decay! - 0.1);
  },
};

/** The best loss of a study of `trials` trials, `parallel` of which are always pending. */
export function bestLoss(sampler: Sampler, problem: Problem, trials: number, parallel = 1): number {
  const open: { trial: number; params: Params }[] = [];
  let best = Infinity;
  for (let trial = 0; trial < trials; trial++) {
    const suggestion = sampler.suggest(trial);
    if ('exhausted' in suggestion) return best;
    const { params } = suggestion;
    sampler.observe({ trial, params, outcome: { state: 'pending' } });
    open.push({ trial, params });
    if (open.length < parallel) continue;
    const ended = open.shift()!;
    const loss = problem.loss(ended.params);
    best = Math.min(best, loss);
    sampler.observe({ ...ended, outcome: { state: 'completed', loss } });
  }
  return best;
}
