import { describe, expect, test } from 'vitest';
import { searchSpace } from '../../space/search-space.ts';
import type { Parameter } from '../../space/study-spec.ts';
import { fixture } from '../../test/fixtures/optuna-tpe.ts';
import { createHistory, observe, type History } from '../history.ts';
import type { Outcome } from '../sampler.ts';
import { blocksOf } from './dimension.ts';
import { fitModel } from './model.ts';
import { split } from './split.ts';

type Case = (typeof fixture.cases)[number];

describe('agreement with Optuna 5.0.0 on recorded histories', () => {
  for (const recorded of fixture.cases) {
    test(`${recorded.name} (${recorded.trials.length} trials): the same trials are below`, () => {
      expect(split(historyOf(recorded)).below).toEqual(recorded.below);
    });

    test(`${recorded.name}: ln l and ln g agree to 1e-9`, () => {
      const history = historyOf(recorded);
      const [block, ...others] = blocksOf(history.space);
      expect(others).toEqual([]);
      const { below, above } = fitModel(history, block!, split(history));
      for (const { params, logL, logG } of recorded.points) {
        const coordinates = history.space.fromParams(params);
        const l = below.logDensity(coordinates);
        const g = above.logDensity(coordinates);
        const place = JSON.stringify(params);
        expect(Math.abs(l - logL), `ln l at ${place}`).toBeLessThan(1e-9);
        expect(Math.abs(g - logG), `ln g at ${place}`).toBeLessThan(1e-9);
        expect(Math.abs(l - g - (logL - logG)), `score at ${place}`).toBeLessThan(1e-9);
      }
    });
  }
});

function historyOf(recorded: Case): History {
  const parameters = Object.entries(recorded.space).map(
    ([name, rest]) => ({ name, ...rest }) as Parameter,
  );
  const history = createHistory(searchSpace(parameters, []));
  recorded.trials.forEach(({ params, state, loss, step }, trial) => {
    const outcome = { state, loss: Number(loss), step } as Outcome;
    observe(history, { trial, params, outcome: state === 'pending' ? { state } : outcome });
  });
  return history;
}
