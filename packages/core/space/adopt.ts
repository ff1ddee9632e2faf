// Params of an earlier version of a space, seen from a later one: ranges were widened or narrowed,
// choices came and went, parameters were added.

import { axisOf, type Axis } from './axis.ts';
import type { SearchSpace } from './search-space.ts';
import type { Parameter, Params, ParamValue } from './study-spec.ts';

export interface Adopted {
  /** The same params; a parameter that was added since has its default. */
  params: Params;
  /**
   * Parameters whose value this space does not have (outside a narrowed range, a removed choice, or
   * added without a default): such params teach nothing about the rest of the space.
   */
  outside: string[];
  /** Of `outside`, those without any value. */
  unknown: string[];
  /**
   * Lawful params of this space, when nothing is outside: inactive parameters left out, values off
   * a new grid moved to its nearest point.
   */
  fitted?: Params;
}

export type Adopt = (params: Params) => Adopted;

export function adoptInto(space: SearchSpace): Adopt {
  const axes = space.parameters.map(axisOf);
  return (params) => {
    const filled: Params = { ...params };
    const outside: string[] = [];
    const unknown: string[] = [];
    const coordinates = new Float64Array(axes.length).fill(NaN);
    space.parameters.forEach((parameter, i) => {
      if (!space.active(i, coordinates)) return;
      const { name } = parameter;
      const value = Object.hasOwn(params, name) ? params[name] : addedDefault(parameter);
      const coordinate = value === undefined ? undefined : coordinateOf(parameter, axes[i]!, value);
      if (value === undefined) unknown.push(name);
      else filled[name] = value;
      if (coordinate === undefined) outside.push(name);
      else coordinates[i] = coordinate;
    });
    const fits = outside.length === 0;
    return {
      params: filled,
      outside,
      unknown,
      ...(fits && { fitted: space.toParams(coordinates) }),
    };
  };
}

/** What trials stood for before there was such a parameter. */
function addedDefault(parameter: Parameter): ParamValue | undefined {
  if (parameter.type === 'constant') return parameter.value;
  return parameter.default;
}

function coordinateOf(parameter: Parameter, axis: Axis, value: ParamValue): number | undefined {
  const exact = axis.fromValue(value);
  if (exact !== undefined || typeof value !== 'number' || !('low' in parameter)) return exact;
  if (value < parameter.low || value > parameter.high) return undefined;
  return axis.fromUnit(axis.toUnit(value));
}
