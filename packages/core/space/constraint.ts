// A constraint compiled to closures over coordinates. The number that they give is the violation: 0 exactly when the
// constraint holds, otherwise growing with the distance, so that lawful.ts can walk downhill to a lawful point.

import { fail } from '../errors/index.ts';
import { choicesOf } from './axis.ts';
import { describe } from './describe.ts';
import {
  parametersOf,
  type Arithmetic,
  type Comparison,
  type Expression,
  type FunctionName,
} from './expression.ts';
import { nearest } from './nearest.ts';
import { parseExpression } from './parse-expression.ts';
import type { Parameter, ParamValue } from './study-spec.ts';

/** 0: holds. Infinity: arithmetic without a result (a logarithm of -1). */
export type Violation = (coordinates: Float64Array) => number;

/** Throws `constraint.*` and `space.unknown-parameter`. One that names an inactive parameter holds. */
export function compileConstraint(
  text: string,
  parameters: readonly Parameter[],
  place: string,
): Violation {
  const expression = parseExpression(text, place);
  const names = parameters.map((parameter) => parameter.name);
  const used = [...parametersOf(expression)].map((name) => {
    const index = names.indexOf(name);
    if (index >= 0) return index;
    const known = names.join(', ');
    throw fail('space.unknown-parameter', place, { name, nearest: nearest(name, names), known });
  });
  const violation = logic(expression, true, { parameters, names, place });
  return (coordinates) => {
    for (const index of used) if (Number.isNaN(coordinates[index])) return 0;
    return violation(coordinates);
  };
}

interface Scope {
  parameters: readonly Parameter[];
  names: readonly string[];
  place: string;
}

type Numeric = (coordinates: Float64Array) => number;
type Kind = 'number' | 'true or false' | 'choice';

function kindOf(node: Expression, scope: Scope): Kind {
  switch (node.kind) {
    case 'literal':
      return kindOfValues([node.value]);
    case 'parameter': {
      const choices = choicesOf(parameterOf(node.name, scope));
      return choices === undefined ? 'number' : kindOfValues(choices);
    }
    case 'call':
    case 'minus':
    case 'arithmetic':
      return 'number';
    default:
      return 'true or false';
  }
}

function kindOfValues(values: readonly ParamValue[]): Kind {
  if (values.every((value) => typeof value === 'number')) return 'number';
  return values.every((value) => typeof value === 'boolean') ? 'true or false' : 'choice';
}

function parameterOf(name: string, scope: Scope): Parameter {
  return scope.parameters[scope.names.indexOf(name)]!;
}

/** How far the truth of `node` is from `wanted`: negations move inwards to the comparisons. */
function logic(node: Expression, wanted: boolean, scope: Scope): Violation {
  switch (node.kind) {
    case 'not':
      return logic(node.operand, !wanted, scope);
    case 'and':
    case 'or': {
      const left = logic(node.left, wanted, scope);
      const right = logic(node.right, wanted, scope);
      // not (a and b) = not a or not b
      return (node.kind === 'and') === wanted
        ? (at) => left(at) + right(at)
        : (at) => Math.min(left(at), right(at));
    }
    case 'comparison':
      return comparison(node, wanted, scope);
    default: {
      if (kindOf(node, scope) !== 'true or false') throw typeError(node, 'a comparison', scope);
      const value = valueOf(node, scope);
      return (at) => (value(at) === wanted ? 0 : 1);
    }
  }
}

const opposite: Record<Comparison, Comparison> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '==': '!=',
  '!=': '==',
};

function comparison(
  node: Expression & { kind: 'comparison' },
  wanted: boolean,
  scope: Scope,
): Violation {
  const operator = wanted ? node.operator : opposite[node.operator];
  const kinds = [kindOf(node.left, scope), kindOf(node.right, scope)];
  const equality = operator === '==' || operator === '!=';
  if (equality) checkComparable(node, kinds, scope);
  if (kinds.every((kind) => kind === 'number')) {
    return distance[operator](numeric(node.left, scope), numeric(node.right, scope));
  }
  if (!equality) {
    throw typeError(kinds[0] === 'number' ? node.right : node.left, 'a number', scope);
  }
  const left = valueOf(node.left, scope);
  const right = valueOf(node.right, scope);
  return (at) => ((left(at) === right(at)) === (operator === '==') ? 0 : 1);
}

/** A comparison that is the same for all params is a slip: a misspelt choice, a number beside a text. */
function checkComparable(node: Expression & { kind: 'comparison' }, kinds: Kind[], scope: Scope) {
  const sides = [node.left, node.right] as const;
  for (const [side, other] of [sides, [...sides].reverse() as [Expression, Expression]] as const) {
    if (side.kind !== 'parameter' || other.kind !== 'literal') continue;
    const choices = choicesOf(parameterOf(side.name, scope));
    if (choices === undefined || choices.includes(other.value)) continue;
    const known = choices.map((choice) => JSON.stringify(choice)).join(', ');
    throw typeError(other, `one of ${known}`, scope);
  }
  const mixed = sides.some((side, i) => side.kind === 'parameter' && kinds[i] === 'choice');
  if (kinds[0] !== kinds[1] && !mixed)
    throw typeError(node.right, kinds[0] === 'number' ? 'a number' : kinds[0]!, scope);
}

/** Equal to nine digits: constraints such as x + y == 1 are about reals, not about their last bit. */
const tolerance = 1e-9;

function close(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}

const size = (x: number) => (Number.isNaN(x) ? Infinity : Math.max(Math.abs(x), Number.MIN_VALUE));

const distance: Record<Comparison, (a: Numeric, b: Numeric) => Violation> = {
  '<': (a, b) => (at) => (a(at) < b(at) ? 0 : size(a(at) - b(at))),
  '<=': (a, b) => (at) => (a(at) <= b(at) ? 0 : size(a(at) - b(at))),
  '>': (a, b) => (at) => (a(at) > b(at) ? 0 : size(a(at) - b(at))),
  '>=': (a, b) => (at) => (a(at) >= b(at) ? 0 : size(a(at) - b(at))),
  '==': (a, b) => (at) => (close(a(at), b(at)) ? 0 : size(a(at) - b(at))),
  '!=': (a, b) => (at) => {
    const difference = a(at) - b(at);
    if (Number.isNaN(difference)) return Infinity;
    return close(a(at), b(at)) ? 1 : 0;
  },
};

const apply: Record<Arithmetic, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  // The sign of the divisor, as in Python.
  '%': (a, b) => a - b * Math.floor(a / b),
  '**': (a, b) => a ** b,
};

const call: Record<FunctionName, (...values: number[]) => number> = {
  abs: Math.abs,
  min: Math.min,
  max: Math.max,
  log: Math.log,
  exp: Math.exp,
  sqrt: Math.sqrt,
  floor: Math.floor,
  ceil: Math.ceil,
};

function numeric(node: Expression, scope: Scope): Numeric {
  if (kindOf(node, scope) !== 'number') throw typeError(node, 'a number', scope);
  switch (node.kind) {
    case 'minus': {
      const operand = numeric(node.operand, scope);
      return (at) => -operand(at);
    }
    case 'arithmetic': {
      const [left, right] = [numeric(node.left, scope), numeric(node.right, scope)];
      const operation = apply[node.operator];
      return (at) => operation(left(at), right(at));
    }
    case 'call': {
      const operands = node.arguments.map((operand) => numeric(operand, scope));
      const operation = call[node.function];
      return (at) => operation(...operands.map((operand) => operand(at)));
    }
    default:
      return valueOf(node, scope) as Numeric;
  }
}

/** The value of a literal, a parameter, or of a comparison that is compared with true or false. */
function valueOf(node: Expression, scope: Scope): (coordinates: Float64Array) => ParamValue {
  if (node.kind === 'literal') return () => node.value;
  if (node.kind === 'parameter') {
    const index = scope.names.indexOf(node.name);
    const choices = choicesOf(scope.parameters[index]!);
    return choices === undefined ? (at) => at[index]! : (at) => choices[at[index]!]!;
  }
  if (kindOf(node, scope) === 'number') return numeric(node, scope);
  const violation = logic(node, true, scope);
  return (at) => violation(at) === 0;
}

function typeError(node: Expression, expected: string, scope: Scope) {
  const got =
    node.kind === 'literal'
      ? describe(node.value)
      : node.kind === 'parameter'
        ? `the parameter ${node.name} (${kindOf(node, scope)})`
        : kindOf(node, scope) === 'number'
          ? 'a number'
          : 'a comparison';
  return fail('constraint.type', scope.place, { column: node.column, expected, got });
}
