import { describe, expect, expectTypeOf, it } from 'vitest';
import { boolean, choice, constant, float, int, ordinal, type ParamsOf } from './parameter.ts';
import { specOf } from './study-options.ts';

const space = {
  lr: float(1e-5, 1e-1, { log: true, default: 1e-3 }),
  layers: int(1, 4),
  solver: choice(['adam', 'sgd']),
  size: ordinal([16, 32, 64]),
  nesterov: boolean({ when: { solver: 'sgd' } }),
  momentum: float(0, 0.99, { when: { solver: 'sgd' } }),
  device: constant('cpu'),
};

describe('the params of a space', () => {
  it('are typed by its parameters, and those with a condition may be absent', () => {
    expectTypeOf<ParamsOf<typeof space>>().toEqualTypeOf<{
      lr: number;
      layers: number;
      solver: 'adam' | 'sgd';
      size: 16 | 32 | 64;
      nesterov?: boolean | undefined;
      momentum?: number | undefined;
      device: 'cpu';
    }>();
  });

  it('refuse what the parameters cannot be', () => {
    // @ts-expect-error a default is one of the choices
    choice(['adam', 'sgd'], { default: 'adamw' });
    // @ts-expect-error a bound is a number
    float('0', 1);
    // @ts-expect-error there is no such option
    int(0, 1, { logarithmic: true });
    // @ts-expect-error there is no such parameter
    expectTypeOf<ParamsOf<typeof space>['lrate']>();
  });

  it('are those of a study file with the same keys', () => {
    const objective = { metric: 'loss', direction: 'minimize' } as const;
    const { space: parameters } = specOf({ name: 'typed', space, objective, seed: 1 }, 1);
    expect(parameters.map(({ name, type }) => [name, type])).toEqual([
      ['lr', 'float'],
      ['layers', 'int'],
      ['solver', 'categorical'],
      ['size', 'ordinal'],
      ['nesterov', 'boolean'],
      ['momentum', 'float'],
      ['device', 'constant'],
    ]);
  });

  it('that are wrong are refused with their place', () => {
    const objective = { metric: 'loss', direction: 'minimize' } as const;
    const wrong = { x: float(1, 0.1) };
    expect(() => specOf({ name: 'wrong', space: wrong, objective }, 1)).toThrow(/^space\.x\.low: /);
  });
});
