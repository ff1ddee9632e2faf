import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import { axisOf, choicesOf } from './axis.ts';
import { rangesOf, wantedValues } from './condition.ts';
import { describe, placeOf } from './describe.ts';
import type { Parameter, When } from './study-spec.ts';

/** One key of a `when`: does the parent have such values? Otherwise the child could never be active. */
export function checkCondition(
  parent: Parameter,
  wanted: When[string],
  place: string,
): ErrorInfo | undefined {
  const axis = axisOf(parent);
  const values = wantedValues(wanted);
  if (values === undefined)
    return checkRange(parent, wanted as { min?: number; max?: number }, place);
  if (axis.cells === Infinity) {
    const expected = 'a range such as {min: 0.1}, since a float hardly ever has one exact value';
    return errorInfo('input.value', place, { expected, got: describe(wanted) });
  }
  const wrong = values.findIndex((value) => axis.fromValue(value) === undefined);
  if (wrong < 0) return undefined;
  const at = Array.isArray(wanted) ? placeOf(place, wrong) : place;
  return errorInfo('input.value', at, { expected: axis.expected, got: describe(values[wrong]) });
}

function checkRange(
  parent: Parameter,
  wanted: { min?: number; max?: number },
  place: string,
): ErrorInfo | undefined {
  const { min = -Infinity, max = Infinity } = wanted;
  const choices = choicesOf(parent);
  if (choices?.every((choice) => typeof choice === 'number') === false) {
    const expected = `${axisOf(parent).expected}, or a list of them`;
    return errorInfo('input.value', place, { expected, got: 'a range' });
  }
  if (min > max) {
    const expected = `at most max (${max})`;
    return errorInfo('input.value', placeOf(place, 'min'), { expected, got: min });
  }
  const axis = axisOf(parent);
  const reachable = rangesOf(parent, wanted).some(([low, high]) => {
    if ('low' in parent && (low > parent.high || high < parent.low)) return false;
    const first = axis.cellFrom(low);
    return Number.isNaN(first) || (first < axis.cells && axis.atCell(first) <= high);
  });
  if (reachable) return undefined;
  const expected = `a range that holds ${axis.expected}`;
  return errorInfo('input.value', place, { expected, got: JSON.stringify(wanted) });
}
