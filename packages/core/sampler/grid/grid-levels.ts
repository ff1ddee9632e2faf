import { axisOf } from '../../space/axis.ts';
import type { Parameter } from '../../space/study-spec.ts';
import type { Levels } from '../enumeration.ts';

const floatLevels = 5;

/**
 * The coordinates of one parameter that a grid visits, ascending: every value of a discrete one;
 * with a `count`, and for continuous floats (5 without one), that many evenly spaced on its scale,
 * both ends included, equal ones once.
 */
export function gridLevels(parameter: Parameter, count: number | undefined): Levels {
  const axis = axisOf(parameter);
  const numeric = parameter.type === 'float' || parameter.type === 'int';
  const wanted =
    (numeric ? count : undefined) ?? (axis.cells === Infinity ? floatLevels : Infinity);
  if (wanted >= axis.cells) return { count: axis.cells, at: axis.atCell };
  const spread = Array.from({ length: wanted }, (_, k) =>
    axis.fromUnit(wanted === 1 ? 0.5 : k / (wanted - 1)),
  );
  const distinct = Float64Array.from(new Set(spread));
  return { count: distinct.length, at: (k) => distinct[k]! };
}
