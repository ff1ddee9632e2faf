// What the schema can't see in one parameter: how its values fit together.

import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import { axisOf, choicesOf } from './axis.ts';
import { describe, placeOf } from './describe.ts';
import { reservedNames } from './expression-token.ts';
import { allParams } from './fill-command.ts';
import type { Parameter } from './study-spec.ts';

type Numeric = Parameter & { type: 'float' | 'int' };

/** A parameter that has passed the schema, with its defaults; at most one error. */
export function checkParameter(parameter: Parameter, place: string): ErrorInfo | undefined {
  if (parameter.name === allParams || reservedNames.includes(parameter.name)) {
    const expected = 'a name that commands and constraints do not use themselves';
    return errorInfo('input.value', place, { expected, got: parameter.name });
  }
  if (parameter.type === 'float' || parameter.type === 'int') return checkNumeric(parameter, place);
  const choices = choicesOf(parameter)!;
  const wrong = wrongDefault(parameter, place);
  if (wrong !== undefined || !('prior' in parameter)) return wrong;
  return checkWeights(parameter.prior?.weights, choices.length, placeOf(place, 'prior.weights'));
}

function checkNumeric(parameter: Numeric, place: string): ErrorInfo | undefined {
  const { low, high, log, step, prior } = parameter;
  const wrong = (key: string, expected: string, got: unknown) =>
    errorInfo('input.value', placeOf(place, key), { expected, got: describe(got) });
  if (log && low <= 0) return errorInfo('space.log-scale', placeOf(place, 'low'), { got: low });
  if (low >= high) return wrong('low', `below high (${high})`, low);
  if (!Number.isFinite(high - low)) return wrong('high', `within 1.79e308 of low (${low})`, high);
  if (step !== undefined && step !== 1 && log) return wrong('step', 'absent on a log scale', step);
  if (step !== undefined && step > high - low) {
    return wrong('step', `at most high - low (${high - low})`, step);
  }
  if (step !== undefined && (high - low) / step > Number.MAX_SAFE_INTEGER) {
    return wrong('step', 'large enough to count the steps from low to high', step);
  }
  if (prior !== undefined && (prior.mean < low || prior.mean > high)) {
    return wrong('prior.mean', `from low (${low}) to high (${high})`, prior.mean);
  }
  return wrongDefault(parameter, place);
}

function wrongDefault(parameter: Parameter, place: string): ErrorInfo | undefined {
  if (!('default' in parameter) || parameter.default === undefined) return undefined;
  const axis = axisOf(parameter);
  if (axis.fromValue(parameter.default) !== undefined) return undefined;
  const data = { expected: axis.expected, got: describe(parameter.default) };
  return errorInfo('input.value', placeOf(place, 'default'), data);
}

function checkWeights(
  weights: number[] | undefined,
  count: number,
  place: string,
): ErrorInfo | undefined {
  if (weights === undefined) return undefined;
  if (weights.length !== count) {
    const expected = `a list of ${count} weights, one per choice`;
    return errorInfo('input.value', place, { expected, got: weights.length });
  }
  if (weights.some((weight) => weight > 0)) return undefined;
  return errorInfo('input.value', place, { expected: 'a list with a weight above 0', got: 'none' });
}
