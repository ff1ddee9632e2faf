import { describe, expect, test } from 'vitest';
import { searchSpace, type SearchSpace } from '../../space/search-space.ts';
import type { Parameter } from '../../space/study-spec.ts';
import { tpeParity } from '../../space/tpe-options.ts';
import { fixture } from '../../test/fixtures/optuna-tpe.ts';
import { createHistory, observe } from '../history.ts';
import type { Outcome } from '../sampler.ts';
import { createModel, type Model } from './model.ts';

type Case = (typeof fixture.cases)[number];

describe('agreement with Optuna 5.0.0 on recorded histories', () => {
  for (const recorded of fixture.cases) {
    test(`${recorded.name} (${recorded.trials.length} trials): the same trials are below`, () => {
      const { model } = modelOf(recorded);
      expect([...model.below].sort((a, b) => a - b)).toEqual(recorded.below);
    });

    test(`${recorded.name}: ln l and ln g agree to 1e-9`, () => {
      const { space, model } = modelOf(recorded);
      const [block, ...others] = model.blocks;
      expect(others).toEqual([]);
      for (const { params, logL, logG } of recorded.points) {
        const coordinates = space.fromParams(params);
        const logPrior = block!.below.logPrior(coordinates);
        const l = block!.below.logDensity(coordinates, logPrior);
        const g = block!.above.logDensity(coordinates, logPrior);
        const place = JSON.stringify(params);
        expect(Math.abs(l - logL), `ln l at ${place}`).toBeLessThan(1e-9);
        expect(Math.abs(g - logG), `ln g at ${place}`).toBeLessThan(1e-9);
        expect(Math.abs(l - g - (logL - logG)), `score at ${place}`).toBeLessThan(1e-9);
      }
    });
  }
});

function modelOf(recorded: Case): { space: SearchSpace; model: Model } {
  const parameters = Object.entries(recorded.space).map(
    ([name, rest]) => ({ name, ...rest }) as Parameter,
  );
  const space = searchSpace(parameters, []);
  const history = createHistory(space);
  const model = createModel(space, tpeParity);
  recorded.trials.forEach(({ params, state, loss, step }, trial) => {
    const outcome = { state, loss: Number(loss), step } as Outcome;
    const change = { trial, params, outcome: state === 'pending' ? { state } : outcome };
    model.learn(observe(history, change));
  });
  return { space, model };
}
