// `when` in coordinates: one condition is one parent and the closed ranges of its coordinate that allow the child.

import { axisOf, choicesOf } from './axis.ts';
import type { Parameter, ParamValue, When } from './study-spec.ts';

export interface Condition {
  parent: number;
  ranges: readonly (readonly [low: number, high: number])[];
}

/** `index` maps names to dimensions. Values that the parent can't take were refused when the file was read. */
export function conditionsOf(
  when: When | undefined,
  parameters: readonly Parameter[],
  index: (name: string) => number,
): Condition[] {
  return Object.entries(when ?? {}).map(([name, wanted]) => {
    const parent = index(name);
    return { parent, ranges: rangesOf(parameters[parent]!, wanted) };
  });
}

/** True when the parent is active and its value is a wanted one. */
export function holds(condition: Condition, coordinates: ArrayLike<number>): boolean {
  const value = coordinates[condition.parent]!;
  const { ranges } = condition;
  // NaN, an inactive parent, lies in no range. By index: it is asked for every parameter of every suggestion.
  for (let i = 0; i < ranges.length; i++) {
    if (value >= ranges[i]![0] && value <= ranges[i]![1]) return true;
  }
  return false;
}

/** Also for one value: `{solver: sgd}` and `{solver: [sgd]}` say the same. */
export function wantedValues(wanted: When[string]): ParamValue[] | undefined {
  if (Array.isArray(wanted)) return wanted;
  return typeof wanted === 'object' && wanted !== null ? undefined : [wanted];
}

/** The condition as it would be written in one line. */
export function conditionText(when: When): string {
  return `when ${Object.entries(when)
    .map(([name, wanted]) => `${name}: ${JSON.stringify(wanted)}`)
    .join(', ')}`;
}

export function rangesOf(parent: Parameter, wanted: When[string]): [number, number][] {
  const axis = axisOf(parent);
  const values = wantedValues(wanted);
  if (values !== undefined) {
    return values
      .map((value) => axis.fromValue(value))
      .filter((coordinate) => coordinate !== undefined)
      .map((coordinate) => [coordinate, coordinate]);
  }
  const { min = -Infinity, max = Infinity } = wanted as { min?: number; max?: number };
  const choices = choicesOf(parent);
  if (choices === undefined) return [[min, max]];
  return [...choices.keys()]
    .filter((k) => (choices[k] as number) >= min && (choices[k] as number) <= max)
    .map((k) => [k, k]);
}
