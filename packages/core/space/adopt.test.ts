import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adoptInto } from './adopt.ts';
import { searchSpace } from './search-space.ts';
import type { Parameter } from './study-spec.ts';

const lr: Parameter = { name: 'lr', type: 'float', low: 0.01, high: 1, log: true };
const units: Parameter = { name: 'units', type: 'int', low: 16, high: 64, step: 16, log: false };
const solver: Parameter = { name: 'solver', type: 'categorical', choices: ['adam', 'sgd'] };
const momentum: Parameter = {
  name: 'momentum',
  type: 'float',
  low: 0,
  high: 1,
  log: false,
  when: { solver: 'sgd' },
};
const into = (...parameters: Parameter[]) => adoptInto(searchSpace(parameters, []));

describe('params of an earlier space', () => {
  it('that belong to the space stay as they are', () => {
    const space = searchSpace([lr, units, solver, momentum], []);
    const adopt = adoptInto(space);
    const unit = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 4,
      maxLength: 4,
    });
    fc.assert(
      fc.property(unit, (point) => {
        const params = space.toParams(space.fromUnit(Float64Array.from(point)));
        const { params: same, outside, unknown, fitted } = adopt(params);
        expect([same, fitted, outside, unknown]).toEqual([params, params, [], []]);
      }),
    );
  });

  it('outside a narrowed range or with a removed choice are marked, and fit nowhere', () => {
    const adopt = into({ ...lr, high: 0.1 }, { ...solver, choices: ['sgd'] }, momentum);
    expect(adopt({ lr: 0.5, solver: 'adam' })).toEqual({
      params: { lr: 0.5, solver: 'adam' },
      outside: ['lr', 'solver'],
      unknown: [],
    });
    const inside = { lr: 0.1, solver: 'sgd', momentum: 0.5 };
    expect(adopt(inside).fitted).toEqual(inside);
  });

  it('stand for the default of a parameter that was added, where it is active', () => {
    const added = { ...momentum, default: 0.25 };
    const adopt = into(solver, added, { name: 'epochs', type: 'constant', value: 3 });
    expect(adopt({ solver: 'sgd' }).fitted).toEqual({ solver: 'sgd', momentum: 0.25, epochs: 3 });
    expect(adopt({ solver: 'adam' }).fitted).toEqual({ solver: 'adam', epochs: 3 });
    const { outside, unknown, fitted } = into(solver, momentum)({ solver: 'sgd' });
    expect([outside, unknown, fitted]).toEqual([['momentum'], ['momentum'], undefined]);
  });

  it('off a new grid move to its nearest point; inactive parameters are left out', () => {
    const adopt = into({ ...units, low: 0, step: 32 }, solver, momentum);
    expect(adopt({ units: 48, solver: 'adam', momentum: 0.5 })).toMatchObject({
      params: { units: 48, solver: 'adam', momentum: 0.5 },
      fitted: { solver: 'adam' },
      outside: [],
    });
    expect([32, 64]).toContain(adopt({ units: 48, solver: 'adam' }).fitted!['units']);
    expect(adopt({ units: 60, solver: 'adam' }).fitted!['units']).toBe(64);
  });
});
