// The `space` and `constraints` of a study file that has passed the schema.

import { errorInfo, FleetuneError, type ErrorInfo } from '../errors/index.ts';
import { checkCondition } from './condition-check.ts';
import { compileConstraint } from './constraint.ts';
import { placeOf } from './describe.ts';
import { checkSatisfiable } from './satisfiable.ts';
import { nearest } from './nearest.ts';
import { checkParameter } from './parameter-check.ts';
import { inOrder } from './search-space.ts';
import type { Parameter } from './study-spec.ts';

/** Names of parameters used anywhere in the file; each unknown one is an error at its first place only. */
export interface NameCheck {
  known(name: string, place: string): boolean;
  readonly errors: ErrorInfo[];
}

export function nameCheck(names: readonly string[]): NameCheck {
  const reported = new Set<string>();
  const errors: ErrorInfo[] = [];
  return {
    errors,
    known(name, place) {
      if (names.includes(name)) return true;
      if (!reported.has(name)) {
        const data = { name, nearest: nearest(name, names), known: names.join(', ') };
        errors.push(errorInfo('space.unknown-parameter', place, data));
      }
      reported.add(name);
      return false;
    },
  };
}

/** Fills in the defaults of one parameter; `raw` has passed the schema. */
export function readParameter(name: string, raw: Record<string, unknown>): Parameter {
  const parameter = { name, ...raw } as Parameter;
  if (parameter.type !== 'float' && parameter.type !== 'int') return parameter;
  parameter.log ??= false;
  if (parameter.type === 'int') parameter.step ??= 1;
  const { low, high, step, log } = parameter;
  if (step === undefined || log || !(step <= high - low)) return parameter;
  // The last value of the grid; 1e-9: three steps of 0.1 end at 0.3, though 0.3 / 0.1 is 2.9999….
  const steps = Math.floor((high - low) / step + 1e-9);
  if (!Number.isSafeInteger(steps)) return parameter;
  const last = low + steps * step;
  parameter.high = Math.abs(last - high) <= step * 1e-6 ? high : Number(last.toPrecision(15));
  return parameter;
}

/** Errors of the parameters one by one, then of their conditions, then a cycle of these. */
export function checkSpace(parameters: readonly Parameter[], names: NameCheck): ErrorInfo[] {
  const errors: ErrorInfo[] = [];
  const sound = new Map<string, Parameter>();
  for (const parameter of parameters) {
    const wrong = checkParameter(parameter, placeOf('space', parameter.name));
    if (wrong === undefined) sound.set(parameter.name, parameter);
    else errors.push(wrong);
  }
  for (const { name, when = {} } of parameters) {
    for (const [parent, wanted] of Object.entries(when)) {
      const place = placeOf(placeOf(placeOf('space', name), 'when'), parent);
      if (!names.known(parent, place) || !sound.has(parent)) continue;
      const wrong = checkCondition(sound.get(parent)!, wanted, place);
      if (wrong !== undefined) errors.push(wrong);
    }
  }
  const cycle = attempt(() => inOrder(parameters));
  return cycle === undefined ? errors : [...errors, cycle];
}

/** Constraints of a space whose parameters and conditions are sound. */
export function checkConstraints(
  parameters: readonly Parameter[],
  constraints: readonly string[],
  names: NameCheck,
): ErrorInfo[] {
  const errors = constraints.flatMap((text, i) => {
    const place = placeOf('constraints', i);
    const wrong = attempt(() => compileConstraint(text, parameters, place));
    if (wrong?.code !== 'space.unknown-parameter') return wrong ?? [];
    names.known(String(wrong.data.name), place);
    return [];
  });
  if (errors.length > 0 || names.errors.length > 0) return errors;
  const impossible = checkSatisfiable(parameters, constraints);
  return impossible === undefined ? [] : [impossible];
}

function attempt(work: () => unknown): ErrorInfo | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof FleetuneError) return error.info;
    throw error;
  }
}
