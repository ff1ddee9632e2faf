import { errorInfo, FleetuneError, fail } from '../errors/index.ts';
import { axisOf, type Axis } from './axis.ts';
import { conditionsOf, conditionText, holds, type Condition } from './condition.ts';
import { compileConstraint } from './constraint.ts';
import { describe } from './describe.ts';
import { nearest } from './nearest.ts';
import { spaceSize } from './space-size.ts';
import type { Parameter, Params } from './study-spec.ts';
import { topologicalOrder } from './topological-order.ts';

/**
 * The search space as samplers use it. Made by `searchSpace(parameters, constraints)`.
 *
 * Two encodings of one trial, both Float64Array of length `dimensions`, in the order of `parameters`:
 * - coordinates: the numeric value of a float or int, the index of a choice (boolean: 0, 1; constant: 0);
 *   NaN where the parameter is inactive. Samplers keep their history in coordinates.
 * - unit: [0, 1] per dimension (log scales on ln; int and stepped floats use cells of equal width, rounded
 *   to the nearest cell; a choice k of K owns [k/K, (k+1)/K)); every dimension has a value, inactive ones are ignored.
 */
export interface SearchSpace {
  /** In topological order of the conditions (a parent before its children), otherwise as in the file. */
  readonly parameters: readonly Parameter[];
  readonly dimensions: number;
  readonly constraints: readonly string[];
  /** True when some parameter has a `when`. */
  readonly conditional: boolean;
  /** Number of distinct params (conditions respected, constraints not); Infinity with a continuous float. */
  readonly size: number;

  index(name: string): number;
  /** Is parameter i active, given the coordinates of those before it? */
  active(i: number, coordinates: Float64Array): boolean;
  /** Unit cube → coordinates: values rounded to lawful ones, inactive dimensions NaN. */
  fromUnit(unit: Float64Array): Float64Array;
  /** Coordinates → unit cube (cell centres for discrete ones; inactive dimensions 0.5). */
  toUnit(coordinates: Float64Array): Float64Array;
  toParams(coordinates: Float64Array): Params;
  /** Throws `params.*` errors when `params` do not belong to the space (unknown, missing, inactive, out of range). */
  fromParams(params: Readonly<Record<string, unknown>>): Float64Array;
  /** The constraints alone; one that names an inactive parameter holds. */
  satisfies(coordinates: Float64Array): boolean;
  /** 0 when all constraints hold, else the sum of how far each is from holding: a slope for repairs. */
  violation(coordinates: Float64Array): number;
  /** The defaults of the file; else the middle of the (transformed) range, the first choice, false. */
  defaults(): Params;
  /** The same text for equal params whatever their key order: for dedupe. */
  key(params: Params): string;
}

/** Throws `space.*` and `constraint.*` errors; readStudy finds them all, and those of the parameters too. */
export function searchSpace(
  given: readonly Parameter[],
  constraints: readonly string[],
): SearchSpace {
  const parameters = inOrder(given);
  const positions = new Map(parameters.map(({ name }, i) => [name, i]));
  const index = (name: string): number => {
    const position = positions.get(name);
    if (position === undefined) throw unknownName('space.unknown-parameter', name, '', parameters);
    return position;
  };
  const axes = parameters.map(axisOf);
  const conditions = parameters.map(({ when }) => conditionsOf(when, parameters, index));
  const violations = constraints.map((text, i) =>
    compileConstraint(text, parameters, `constraints[${i}]`),
  );
  const active = (i: number, coordinates: Float64Array) => allHold(conditions[i]!, coordinates);
  const codec = paramsCodec(parameters, axes, conditions);

  return {
    parameters,
    dimensions: parameters.length,
    constraints,
    conditional: conditions.some((list) => list.length > 0),
    size: spaceSize(axes, conditions),
    index,
    active,
    fromUnit(unit) {
      const coordinates = new Float64Array(axes.length);
      for (let i = 0; i < axes.length; i++) {
        coordinates[i] = active(i, coordinates) ? axes[i]!.fromUnit(unit[i]!) : NaN;
      }
      return coordinates;
    },
    toUnit(coordinates) {
      const unit = new Float64Array(axes.length);
      for (let i = 0; i < axes.length; i++) {
        const coordinate = coordinates[i]!;
        unit[i] = Number.isNaN(coordinate) ? 0.5 : axes[i]!.toUnit(coordinate);
      }
      return unit;
    },
    ...codec,
    satisfies: (coordinates) => violations.every((violation) => violation(coordinates) === 0),
    violation: (coordinates) =>
      violations.reduce((total, violation) => total + violation(coordinates), 0),
  };
}

function allHold(conditions: readonly Condition[], coordinates: Float64Array): boolean {
  for (let i = 0; i < conditions.length; i++) {
    if (!holds(conditions[i]!, coordinates)) return false;
  }
  return true;
}

/** Parents before children; throws `space.cycle`. */
export function inOrder(given: readonly Parameter[]): Parameter[] {
  const byName = new Map(given.map((parameter) => [parameter.name, parameter]));
  const names = [...byName.keys()];
  const sorted = topologicalOrder(names, (name) =>
    Object.keys(byName.get(name)?.when ?? {}).filter((parent) => byName.has(parent)),
  );
  if ('cycle' in sorted) {
    const place = `space.${sorted.cycle[0]}.when`;
    throw fail('space.cycle', place, { cycle: sorted.cycle.join(' → ') });
  }
  return sorted.order.map((name) => byName.get(name)!);
}

/** Between coordinates and what the user's program sees. */
function paramsCodec(
  parameters: readonly Parameter[],
  axes: readonly Axis[],
  conditions: readonly (readonly Condition[])[],
): Pick<SearchSpace, 'toParams' | 'fromParams' | 'defaults' | 'key'> {
  const order = parameters.map(({ name }) => name);
  const names = new Set(order);
  const refuseUnknown = (given: readonly string[]): void => {
    const unknown = given.find((name) => !names.has(name));
    if (unknown === undefined) return;
    throw unknownName('params.unknown', unknown, `params.${unknown}`, parameters);
  };
  const refuseInactive = (params: object, coordinates: Float64Array): void => {
    const stray = parameters.find(({ name }, i) => {
      return Number.isNaN(coordinates[i]!) && Object.hasOwn(params, name);
    });
    if (stray === undefined) return;
    const condition = conditionText(stray.when!);
    throw fail('params.inactive', `params.${stray.name}`, { condition });
  };
  /** Coordinates in order, each given those of its parents; NaN where inactive. */
  const unroll = (coordinateOf: (i: number) => number): Float64Array => {
    const coordinates = new Float64Array(axes.length).fill(NaN);
    for (let i = 0; i < axes.length; i++) {
      if (allHold(conditions[i]!, coordinates)) coordinates[i] = coordinateOf(i);
    }
    return coordinates;
  };
  /**
   * Params that have all: a copy costs less than to grow one name by name. Read from JSON, they and their copies have
   * just the room that they need.
   */
  const zeros = Object.fromEntries(parameters.map(({ name }) => [name, 0]));
  const whole = JSON.parse(JSON.stringify(zeros)) as Params;
  const toParams = (coordinates: Float64Array): Params => {
    const params: Params = isWhole(coordinates) ? { ...whole } : {};
    for (let i = 0; i < axes.length; i++) {
      const coordinate = coordinates[i]!;
      if (!Number.isNaN(coordinate)) params[order[i]!] = axes[i]!.toValue(coordinate);
    }
    return params;
  };
  return {
    toParams,
    fromParams(params) {
      const given = Object.keys(params);
      let others = given.length;
      const coordinates = unroll((i) => {
        const coordinate = axes[i]!.fromValue(params[order[i]!]);
        if (coordinate === undefined) {
          refuseUnknown(given);
          throw refusedValue(parameters[i]!, axes[i]!, params);
        }
        others--;
        return coordinate;
      });
      // Looked for only where there are some: every observation comes through here.
      if (others !== 0) {
        refuseUnknown(given);
        refuseInactive(params, coordinates);
      }
      return coordinates;
    },
    defaults: () => toParams(unroll((i) => defaultOf(parameters[i]!, axes[i]!))),
    key: (params) =>
      parameters
        .map(({ name }) => (Object.hasOwn(params, name) ? JSON.stringify(params[name]) : ''))
        .join(),
  };
}

/** Is every parameter active? */
function isWhole(coordinates: Float64Array): boolean {
  for (let i = 0; i < coordinates.length; i++) if (Number.isNaN(coordinates[i]!)) return false;
  return true;
}

/** Of an active parameter. */
function refusedValue(
  { name }: Parameter,
  axis: Axis,
  params: Readonly<Record<string, unknown>>,
): FleetuneError {
  if (!Object.hasOwn(params, name)) return fail('params.missing', `params.${name}`, {});
  const data = { expected: axis.expected, got: describe(params[name]) };
  return fail('params.value', `params.${name}`, data);
}

function defaultOf(parameter: Parameter, axis: Axis): number {
  const given = 'default' in parameter ? axis.fromValue(parameter.default) : undefined;
  if (given !== undefined) return given;
  const numeric = parameter.type === 'float' || parameter.type === 'int';
  return numeric ? axis.fromUnit(0.5) : 0;
}

function unknownName(
  code: 'space.unknown-parameter' | 'params.unknown',
  name: string,
  place: string,
  parameters: readonly Parameter[],
): FleetuneError {
  const names = parameters.map((parameter) => parameter.name);
  const data = { name, nearest: nearest(name, names), known: names.join(', ') };
  return new FleetuneError(errorInfo(code, place, data));
}
