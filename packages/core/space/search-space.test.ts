import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FleetuneError } from '../errors/index.ts';
import { choicesOf } from './axis.ts';
import { readStudy } from './read-study.ts';
import { searchSpace } from './search-space.ts';
import type { Parameter, ParamValue, Params } from './study-spec.ts';

type Raw = Record<string, unknown>;

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const kinds: Record<'discrete' | 'continuous', fc.Arbitrary<Raw>[]> = {
  discrete: [
    fc
      .record({ low: fc.integer({ min: -5, max: 5 }), width: fc.integer({ min: 1, max: 6 }) })
      .map(({ low, width }) => ({ type: 'int', low, high: low + width })),
    fc.integer({ min: 1, max: 3 }).map((step) => ({ type: 'int', low: -2, high: 5, step })),
    fc.integer({ min: 1, max: 9 }).map((low) => ({ type: 'int', low, high: low + 3, log: true })),
    fc.constantFrom(0.1, 0.25, 0.3).map((step) => ({ type: 'float', low: -0.2, high: 0.9, step })),
    fc
      .uniqueArray(fc.constantFrom('a', 'b', 1, 2, true, null), { minLength: 1, maxLength: 4 })
      .chain((choices) =>
        fc.constantFrom('categorical', 'ordinal').map((type) => ({ type, choices })),
      ),
    fc.constant({ type: 'boolean' }),
    fc.constantFrom('x', 3, null).map((value) => ({ type: 'constant', value })),
  ],
  continuous: [
    fc
      .tuple(number, number)
      .filter(([a, b]) => a < b)
      .map(([low, high]) => ({ type: 'float', low, high })),
    fc
      .tuple(fc.integer({ min: -12, max: 3 }), fc.integer({ min: 1, max: 9 }))
      .map(([from, width]) => ({
        type: 'float',
        low: 10 ** from,
        high: 10 ** (from + width),
        log: true,
      })),
    fc
      .integer({ min: 1, max: 1e6 })
      .map((low) => ({ type: 'int', low, high: low * 1000, log: true })),
  ],
};

/** A lawful condition on an earlier parameter. */
function conditionOn(parent: Parameter): fc.Arbitrary<unknown> {
  const choices = choicesOf(parent);
  if (choices !== undefined) {
    return fc.oneof(fc.constantFrom(...choices), fc.subarray([...choices], { minLength: 1 }));
  }
  const { low, high } = parent as Parameter & { type: 'int' };
  return fc.constantFrom({ min: low }, { max: low + (high - low) / 2 }, { min: low, max: high });
}

/** Spaces of up to six parameters, with chains of conditions, as readStudy makes them; the file's order is shuffled. */
function spaces(of: fc.Arbitrary<Raw>[]): fc.Arbitrary<Parameter[]> {
  const grow = (space: Record<string, Raw>, left: number): fc.Arbitrary<Record<string, Raw>> => {
    if (left === 0) return fc.constant(space);
    const known = parametersOf(space);
    const when =
      known.length === 0
        ? fc.constant(undefined)
        : fc.option(
            fc
              .uniqueArray(fc.constantFrom(...known), { minLength: 1, maxLength: 2 })
              .chain((parents) =>
                fc
                  .tuple(...parents.map(conditionOn))
                  .map((wanted) =>
                    Object.fromEntries(parents.map(({ name }, i) => [name, wanted[i]])),
                  ),
              ),
            { nil: undefined },
          );
    return fc.tuple(fc.oneof(...of), when).chain(([raw, condition]) => {
      const parameter = condition === undefined ? raw : { ...raw, when: condition };
      return grow({ ...space, [`p${known.length}`]: parameter }, left - 1);
    });
  };
  return fc
    .integer({ min: 1, max: 6 })
    .chain((count) => grow({}, count))
    .chain((space) =>
      fc.shuffledSubarray(parametersOf(space), { minLength: Object.keys(space).length }),
    );
}

function parametersOf(space: Record<string, Raw>): Parameter[] {
  if (Object.keys(space).length === 0) return [];
  const objective = { metric: 'loss', direction: 'minimize' };
  const read = readStudy({ name: 'n', objective, space, command: 'x' }, { cwd: '/', seed: 0 });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec.space;
}

const any = spaces([...kinds.discrete, ...kinds.continuous]);
const units = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });
const points = fc.tuple(any, units).map(([parameters, unit]) => {
  const space = searchSpace(parameters, []);
  return { space, unit: Float64Array.from(unit.slice(0, space.dimensions)) };
});

describe('a point of any space', () => {
  test('survives the way to the unit cube and back', () => {
    fc.assert(
      fc.property(points, ({ space, unit }) => {
        const coordinates = space.fromUnit(unit);
        const again = space.fromUnit(space.toUnit(coordinates));
        space.parameters.forEach((parameter, i) => {
          const [was, now] = [coordinates[i]!, again[i]!];
          if (Number.isFinite(cellsOf(parameter))) expect(now).toBe(was);
          else if (Number.isNaN(was)) expect(now).toBeNaN();
          // A continuous value may differ in its last digits.
          else expect(Math.abs(now - was)).toBeLessThanOrEqual(1e-9 * spreadOf(parameter, was));
        });
      }),
    );
  });

  test('survives the way to params and back, exactly', () => {
    fc.assert(
      fc.property(points, ({ space, unit }) => {
        const coordinates = space.fromUnit(unit);
        const params = space.toParams(coordinates);
        expect(space.fromParams(params)).toEqual(coordinates);
        expect(space.fromParams(JSON.parse(JSON.stringify(params)))).toEqual(coordinates);
      }),
    );
  });

  test('is active exactly where its conditions hold, and only active values are in the params', () => {
    fc.assert(
      fc.property(points, ({ space, unit }) => {
        const coordinates = space.fromUnit(unit);
        const params = space.toParams(coordinates);
        space.parameters.forEach((parameter, i) => {
          expect(space.active(i, coordinates)).toBe(wanted(parameter, params));
          expect(Number.isNaN(coordinates[i])).toBe(!space.active(i, coordinates));
          expect(Object.hasOwn(params, parameter.name)).toBe(space.active(i, coordinates));
        });
        const inOrder = space.parameters.map(({ name }) => name).filter((name) => name in params);
        expect(Object.keys(params)).toEqual(inOrder);
      }),
    );
  });

  test('has values inside their bounds, on their steps, among their choices', () => {
    fc.assert(
      fc.property(points, ({ space, unit }) => {
        for (const [name, value] of Object.entries(space.toParams(space.fromUnit(unit)))) {
          expect(lawfulValue(space.parameters[space.index(name)]!, value), name).toBe(true);
        }
      }),
    );
  });

  test('has one key, whatever the order of the params', () => {
    fc.assert(
      fc.property(points, points, ({ space, unit }, other) => {
        const params = space.toParams(space.fromUnit(unit));
        const reversed = Object.fromEntries(Object.entries(params).reverse());
        expect(space.key(reversed)).toBe(space.key(params));
        const second = space.toParams(
          space.fromUnit(Float64Array.from(unit, (u, i) => other.unit[i] ?? 1 - u)),
        );
        const equal = space.parameters.every(({ name }) => second[name] === params[name]);
        expect(space.key(second) === space.key(params)).toBe(equal);
      }),
    );
  });

  test('has coordinates in the unit cube', () => {
    fc.assert(
      fc.property(points, ({ space, unit }) => {
        const coordinates = space.fromUnit(unit);
        space.toUnit(coordinates).forEach((u, i) => {
          expect(u).toBeGreaterThanOrEqual(0);
          expect(u).toBeLessThanOrEqual(1);
          if (Number.isNaN(coordinates[i])) expect(u).toBe(0.5);
        });
      }),
    );
  });
});

describe('any space', () => {
  test('has parents before children, and otherwise the order of the file where it can', () => {
    fc.assert(
      fc.property(any, (parameters) => {
        const space = searchSpace(parameters, []);
        const seen = new Set<string>();
        for (const { name, when = {} } of space.parameters) {
          for (const parent of Object.keys(when)) expect(seen).toContain(parent);
          seen.add(name);
        }
        const free = (list: readonly Parameter[]) => list.filter(({ when }) => when === undefined);
        expect(free(space.parameters)).toEqual(free(parameters));
      }),
    );
  });

  test('has lawful defaults', () => {
    fc.assert(
      fc.property(any, (parameters) => {
        const space = searchSpace(parameters, []);
        const params = space.defaults();
        expect(space.toParams(space.fromParams(params))).toEqual(params);
      }),
    );
  });

  test('has as many params as can be counted one by one', () => {
    fc.assert(
      fc.property(spaces(kinds.discrete), (parameters) => {
        const space = searchSpace(parameters, []);
        expect(space.size).toBe(countParams(space.parameters, 0, {}));
      }),
    );
  });
});

test('sizes of large and endless spaces', () => {
  const ints = Array.from({ length: 12 }, (_, i) => ({
    type: 'int',
    low: 0,
    high: 999,
    step: 1 + i * 0,
  }));
  const named = (list: Raw[]) => Object.fromEntries(list.map((raw, i) => [`p${i}`, raw]));
  const size = (list: Raw[]) => searchSpace(parametersOf(named(list)), []).size;
  expect(size(ints)).toBe(1e36);
  expect(size([...ints, { type: 'float', low: 0, high: 1 }])).toBe(Infinity);
  const wide = { type: 'int', low: 0, high: 1e9 };
  expect(size([wide, { type: 'boolean', when: { p0: { min: 10, max: 19 } } }])).toBe(1e9 + 1 + 10);
  // Twenty switches with a child each: 3 ways per pair, without walking 2 to the 20 branches.
  const switches = Array.from({ length: 20 }, () => ({ type: 'boolean' }));
  const children = switches.map((_, i) => ({ type: 'boolean', when: { [`p${i}`]: true } }));
  const pairs = switches.flatMap((one, i) => [
    [`p${i}`, one],
    [`c${i}`, children[i]],
  ]);
  expect(searchSpace(parametersOf(Object.fromEntries(pairs)), []).size).toBe(3 ** 20);
});

test('a log scale and choices share the unit cube evenly', () => {
  const space = searchSpace(
    parametersOf({
      lr: { type: 'float', low: 1e-5, high: 1e-1, log: true },
      units: { type: 'int', low: 1, high: 4 },
      solver: { type: 'categorical', choices: ['a', 'b'] },
    }),
    [],
  );
  const at = (u: number) => space.toParams(space.fromUnit(new Float64Array(3).fill(u)));
  expect(at(0)).toEqual({ lr: 1e-5, units: 1, solver: 'a' });
  expect(at(1)).toEqual({ lr: 1e-1, units: 4, solver: 'b' });
  expect(at(0.5).lr).toBeCloseTo(1e-3, 12);
  expect([0.249, 0.251, 0.499, 0.501, 0.751].map((u) => at(u).units)).toEqual([1, 2, 2, 3, 4]);
  expect([0.499, 0.501].map((u) => at(u).solver)).toEqual(['a', 'b']);
});

test('stepped floats are the decimal numbers that the file means', () => {
  const space = searchSpace(parametersOf({ x: { type: 'float', low: 0, high: 1, step: 0.1 } }), []);
  const values = Array.from(
    { length: 11 },
    (_, k) => space.fromUnit(Float64Array.of(k / 11 + 0.01))[0],
  );
  expect(values).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
});

test('zero has no sign', () => {
  const raw = { low: -0.3, high: 0, type: 'float' };
  const space = searchSpace(parametersOf({ x: raw, y: { ...raw, step: 0.1 } }), []);
  const zero = Float64Array.of(0, 0);
  expect(space.fromUnit(Float64Array.of(1, 1))).toEqual(zero);
  expect(space.fromParams({ x: -0, y: -0 })).toEqual(zero);
});

describe('params that do not belong to the space', () => {
  const space = searchSpace(
    parametersOf({
      units: { type: 'int', low: 16, high: 64, step: 16 },
      solver: { type: 'categorical', choices: ['adam', 'sgd'] },
      momentum: { type: 'float', low: 0, high: 1, when: { solver: 'sgd' } },
      nesterov: { type: 'boolean', when: { momentum: { min: 0.5 } } },
    }),
    [],
  );

  test.each([
    [{ units: 16, solver: 'adam', layers: 3 }, 'params.unknown', 'params.layers'],
    [{ units: 16 }, 'params.missing', 'params.solver'],
    [{ units: 16, solver: 'sgd' }, 'params.missing', 'params.momentum'],
    [{ units: 17, solver: 'adam' }, 'params.value', 'params.units'],
    [{ units: '16', solver: 'adam' }, 'params.value', 'params.units'],
    [{ units: 80, solver: 'adam' }, 'params.value', 'params.units'],
    [{ units: NaN, solver: 'adam' }, 'params.value', 'params.units'],
    [{ units: 16, solver: 'adamw' }, 'params.value', 'params.solver'],
    [{ units: 16, solver: 'adam', momentum: 0.1 }, 'params.inactive', 'params.momentum'],
    [
      { units: 16, solver: 'sgd', momentum: 0.1, nesterov: true },
      'params.inactive',
      'params.nesterov',
    ],
  ])('%j', (params, code, place) => {
    let caught: unknown;
    try {
      space.fromParams(params);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(FleetuneError);
    expect((caught as FleetuneError).info).toMatchObject({ code, place });
  });

  test('a child of an inactive parent is inactive', () => {
    const params = { units: 16, solver: 'adam' };
    expect(space.toParams(space.fromParams(params))).toEqual(params);
  });
});

function cellsOf(parameter: Parameter): number {
  const continuous = parameter.type === 'float' && parameter.step === undefined;
  return continuous ? Infinity : 1;
}

/** How far apart two roundings of the same place on the axis may be, in units of 1e-9. */
function spreadOf(parameter: Parameter, value: number): number {
  const { low, high, log } = parameter as Parameter & { type: 'float' };
  return log ? value * Math.log(high / low) : high - low + Math.abs(low);
}

function wanted({ when = {} }: Parameter, params: Params): boolean {
  return Object.entries(when).every(([parent, allowed]) => {
    if (!Object.hasOwn(params, parent)) return false;
    const value = params[parent]!;
    if (Array.isArray(allowed)) return allowed.includes(value);
    if (typeof allowed !== 'object' || allowed === null) return allowed === value;
    const { min = -Infinity, max = Infinity } = allowed;
    return (value as number) >= min && (value as number) <= max;
  });
}

/** The lawful values of a discrete parameter, by definition. */
function valuesOf(parameter: Parameter): ParamValue[] {
  const choices = choicesOf(parameter);
  if (choices !== undefined) return [...choices];
  const { low, high, step = 1 } = parameter as Parameter & { type: 'int' };
  const count = Math.round((high - low) / step) + 1;
  return Array.from({ length: count }, (_, k) => Number((low + k * step).toFixed(6)));
}

function lawfulValue(parameter: Parameter, value: ParamValue): boolean {
  if (cellsOf(parameter) !== Infinity && !('log' in parameter && parameter.log)) {
    return valuesOf(parameter).includes(value);
  }
  const { low, high, type } = parameter as Parameter & { type: 'float' | 'int' };
  const inside = typeof value === 'number' && value >= low && value <= high;
  return inside && (type === 'float' || Number.isInteger(value));
}

function countParams(parameters: readonly Parameter[], i: number, params: Params): number {
  const parameter = parameters[i];
  if (parameter === undefined) return 1;
  if (!wanted(parameter, params)) return countParams(parameters, i + 1, params);
  return valuesOf(parameter).reduce<number>(
    (sum, value) => sum + countParams(parameters, i + 1, { ...params, [parameter.name]: value }),
    0,
  );
}
