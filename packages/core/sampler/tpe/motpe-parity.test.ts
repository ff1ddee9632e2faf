import { describe, expect, test } from 'vitest';
import { searchSpace } from '../../space/search-space.ts';
import type { Parameter } from '../../space/study-spec.ts';
import { tpeDefaultsFor } from '../../space/tpe-options.ts';
import { fixture } from '../../test/fixtures/optuna-motpe.ts';
import { createHistory, observe } from '../history.ts';
import type { Outcome } from '../sampler.ts';
import { createModel } from './model.ts';

type Case = (typeof fixture.cases)[number];

describe('agreement with Optuna 5.0.0 on recorded histories of several objectives', () => {
  for (const recorded of fixture.cases) {
    test(`${recorded.name} (${recorded.trials.length} trials): the same trials are below`, () => {
      const { model } = modelOf(recorded);
      expect([...model.below].sort((a, b) => a - b)).toEqual(recorded.below);
    });

    test(`${recorded.name}: ln l and ln g of each parameter agree to 1e-9`, () => {
      const { space, model } = modelOf(recorded);
      expect(model.blocks).toHaveLength(space.dimensions);
      for (const { params, logs } of recorded.points) {
        const coordinates = space.fromParams(params);
        for (const { first, below, above } of model.blocks) {
          const { name } = space.parameters[first]!;
          const [logL, logG] = logs[name]!;
          const logPrior = below.logPrior(coordinates);
          const place = `${name} in ${JSON.stringify(params)}`;
          const l = below.logDensity(coordinates, logPrior);
          const g = above.logDensity(coordinates, logPrior);
          expect(Math.abs(l - logL), `ln l at ${place}`).toBeLessThan(1e-9);
          expect(Math.abs(g - logG), `ln g at ${place}`).toBeLessThan(1e-9);
        }
      }
    });
  }
});

function modelOf(recorded: Case) {
  const parameters = Object.entries(recorded.space).map(
    ([name, rest]) => ({ name, ...rest }) as Parameter,
  );
  const space = searchSpace(parameters, []);
  const history = createHistory(space);
  const options = tpeDefaultsFor(recorded.objectives, true);
  const model = createModel(space, options, recorded.objectives);
  recorded.trials.forEach(({ params, state, losses, violation }, trial) => {
    const outcome: Outcome =
      state === 'pending'
        ? { state }
        : { state, loss: losses![0]!, losses: losses!, violation: violation! };
    model.learn(observe(history, { trial, params, outcome }));
  });
  return { space, model };
}
