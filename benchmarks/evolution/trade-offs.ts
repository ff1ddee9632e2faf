// Problems of several losses for a few hundred trials, with parameters as trainings have them.
// benchmarks/peers/trade_offs.py has the same.

import type { Parameter, Params } from '@fleetune/core';
import { fronts } from './fronts.ts';

export interface TradeOff {
  parameters: readonly Parameter[];
  /** Of the hypervolume: where a search begins, not where the front is. */
  reference: readonly number[];
  losses(params: Params): number[];
}

function ofNumbers(name: string, dimensions: number, reference: readonly number[]): TradeOff {
  const { losses } = fronts[name]!;
  return {
    reference,
    parameters: Array.from({ length: dimensions }, (_, i) => {
      return { name: `x${i}`, type: 'float', low: 0, high: 1, log: false };
    }),
    losses: (params) => losses(Object.values(params).map(Number)),
  };
}

const square = (x: number): number => x * x;
const wrongActivation: Record<string, number> = { relu: 0.1, gelu: 0, tanh: 0.4, elu: 0.2 };

/** Error against size: the best learning rate depends on the depth, the best dropout on the width. */
const training: TradeOff = {
  parameters: [
    { name: 'lr', type: 'float', low: 1e-5, high: 1, log: true },
    { name: 'units', type: 'int', low: 8, high: 1024, log: true, step: 1 },
    { name: 'layers', type: 'int', low: 1, high: 8, log: false, step: 1 },
    { name: 'act', type: 'categorical', choices: Object.keys(wrongActivation) },
    { name: 'drop', type: 'float', low: 0, high: 0.9, step: 0.1, log: false },
    { name: 'decay', type: 'float', low: 1e-6, high: 1e-1, log: true },
  ],
  reference: [3, 8],
  losses({ lr, units, layers, act, drop, decay }) {
    const size = Math.log2(+units!) * Math.sqrt(+layers!);
    const error =
      square(Math.log10(+lr!) + 2 + 0.2 * +layers!) / 4 +
      wrongActivation[String(act)]! +
      2 * square(+drop! - 0.03 * Math.log2(+units!)) +
      square(Math.log10(+decay!) + 4) / 20 +
      4 / size;
    return [error, (size / 4) * (act === 'gelu' ? 1.2 : 1)];
  },
};

/** Each part of the front is in a branch of its own. */
const branches: TradeOff = {
  parameters: [
    { name: 'solver', type: 'categorical', choices: ['adam', 'sgd', 'lbfgs'] },
    { name: 'lr', type: 'float', low: 1e-5, high: 1, log: true },
    { name: 'units', type: 'int', low: 8, high: 512, log: true, step: 1 },
    { name: 'momentum', type: 'float', low: 0, high: 1, log: false, when: { solver: 'sgd' } },
    { name: 'damping', type: 'float', low: 0, high: 1, log: false, when: { solver: 'sgd' } },
    { name: 'beta', type: 'float', low: 0, high: 1, log: false, when: { solver: 'adam' } },
  ],
  reference: [4, 2],
  losses({ solver, lr, units, momentum, damping, beta }) {
    const own = square(Math.log10(+lr!) + 2) + 8 / Math.sqrt(+units!);
    const cost = Math.log2(+units!) / 10;
    if (solver === 'lbfgs') return [own + 1, cost];
    if (solver === 'adam') return [own + 0.4 + square(+beta! - 0.5), cost + 0.1];
    return [own + 2 * square(+momentum! - 0.9) + 2 * square(+damping! - 0.1), cost + 0.3];
  },
};

export const tradeOffs: Record<string, TradeOff> = {
  zdt1: ofNumbers('zdt1', 6, [1.1, 8]),
  zdt2: ofNumbers('zdt2', 6, [1.1, 9]),
  zdt3: ofNumbers('zdt3', 6, [1.1, 8]),
  zdt4: ofNumbers('zdt4', 10, [1.1, 150]),
  dtlz2: ofNumbers('dtlz2', 12, [2, 2, 2]),
  training,
  branches,
};
