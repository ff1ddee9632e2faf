// The language of constraints. No eval: a text becomes the tree of expression.ts.
//
//   either     = both ("or" both)*
//   both       = negation ("and" negation)*
//   negation   = "not" negation | comparison
//   comparison = sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)*     a < b < c means a < b and b < c
//   sum        = product (("+" | "-") product)*
//   product    = sign (("*" | "/" | "%") sign)*
//   sign       = "-" sign | power
//   power      = atom ("**" sign)?                                      so -x ** 2 is -(x ** 2), as in Python
//   atom       = number | text | true | false | null | name | function "(" either, … ")" | "(" either ")"

import { fail, type FleetuneError } from '../errors/index.ts';
import type { Arithmetic, Comparison, Expression, FunctionName } from './expression.ts';
import { tokensOf, type Token } from './expression-token.ts';

/** Throws `constraint.syntax` with the column (from 1). */
export function parseExpression(text: string, place: string): Expression {
  const cursor: Cursor = { tokens: tokensOf(text, place), position: 0, depth: 0, place };
  const expression = either(cursor);
  if (peek(cursor).kind !== 'end') throw unexpected(cursor, 'a comparison or the end');
  return expression;
}

interface Cursor {
  readonly tokens: readonly Token[];
  position: number;
  /** Of nested operands. */
  depth: number;
  readonly place: string;
}

/** Fewest and most arguments. */
const functions: Record<FunctionName, readonly [number, number]> = {
  abs: [1, 1],
  min: [2, Infinity],
  max: [2, Infinity],
  log: [1, 1],
  exp: [1, 1],
  sqrt: [1, 1],
  floor: [1, 1],
  ceil: [1, 1],
};

/** Deep enough for people; shallow enough that no text can overflow the stack. */
const depthLimit = 100;

function either(cursor: Cursor): Expression {
  return nested(cursor, () => logical(cursor, 'or', both));
}

function both(cursor: Cursor): Expression {
  return logical(cursor, 'and', negation);
}

function logical(
  cursor: Cursor,
  kind: 'and' | 'or',
  operand: (cursor: Cursor) => Expression,
): Expression {
  let left = operand(cursor);
  for (let token; (token = take(cursor, kind)) !== undefined;) {
    left = { kind, left, right: operand(cursor), column: token.column };
  }
  return left;
}

function negation(cursor: Cursor): Expression {
  const token = take(cursor, 'not');
  if (token === undefined) return comparison(cursor);
  const operand = nested(cursor, () => negation(cursor));
  return { kind: 'not', operand, column: token.column };
}

function comparison(cursor: Cursor): Expression {
  let left = sum(cursor);
  let chain: Expression | undefined;
  for (let token; (token = take(cursor, '<', '<=', '>', '>=', '==', '!=')) !== undefined;) {
    const { column } = token;
    const right = sum(cursor);
    const operator = token.text as Comparison;
    const link: Expression = { kind: 'comparison', operator, left, right, column };
    chain = chain === undefined ? link : { kind: 'and', left: chain, right: link, column };
    left = right;
  }
  return chain ?? left;
}

function sum(cursor: Cursor): Expression {
  return arithmetic(cursor, ['+', '-'], product);
}

function product(cursor: Cursor): Expression {
  return arithmetic(cursor, ['*', '/', '%'], sign);
}

function arithmetic(
  cursor: Cursor,
  symbols: Arithmetic[],
  operand: (cursor: Cursor) => Expression,
): Expression {
  let left = operand(cursor);
  for (let token; (token = take(cursor, ...symbols)) !== undefined;) {
    const operator = token.text as Arithmetic;
    left = { kind: 'arithmetic', operator, left, right: operand(cursor), column: token.column };
  }
  return left;
}

function sign(cursor: Cursor): Expression {
  const token = take(cursor, '-');
  if (token === undefined) return power(cursor);
  return { kind: 'minus', operand: nested(cursor, () => sign(cursor)), column: token.column };
}

function power(cursor: Cursor): Expression {
  const left = atom(cursor);
  const token = take(cursor, '**');
  if (token === undefined) return left;
  const right = nested(cursor, () => sign(cursor));
  return { kind: 'arithmetic', operator: '**', left, right, column: token.column };
}

function atom(cursor: Cursor): Expression {
  const token = peek(cursor);
  const { column } = token;
  if (take(cursor, '(') !== undefined) {
    const inner = either(cursor);
    need(cursor, ')');
    return inner;
  }
  if (token.kind === 'symbol' || token.kind === 'end') {
    throw unexpected(cursor, 'a number, a parameter or "("');
  }
  cursor.position++;
  if (token.kind === 'literal') return { kind: 'literal', value: token.value, column };
  if (take(cursor, '(') !== undefined) return call(cursor, token);
  return { kind: 'parameter', name: token.text, column };
}

function call(cursor: Cursor, { text: name, column }: Token): Expression {
  const wrong = (expected: string, got: string | number) =>
    fail('constraint.syntax', cursor.place, { column, expected, got });
  if (!Object.hasOwn(functions, name)) {
    throw wrong(`one of ${Object.keys(functions).join(', ')}`, name);
  }
  const given = [either(cursor)];
  while (take(cursor, ',') !== undefined) given.push(either(cursor));
  need(cursor, ')');
  const [fewest, most] = functions[name as FunctionName];
  if (given.length < fewest) throw wrong(`at least ${fewest} arguments of ${name}`, given.length);
  if (given.length > most) throw wrong(`one argument of ${name}`, given.length);
  return { kind: 'call', function: name as FunctionName, arguments: given, column };
}

function peek(cursor: Cursor): Token {
  return cursor.tokens[cursor.position]!;
}

/** The next token, if it is one of these symbols. */
function take(cursor: Cursor, ...symbols: string[]): Token | undefined {
  const token = peek(cursor);
  if (token.kind !== 'symbol' || !symbols.includes(token.text)) return undefined;
  cursor.position++;
  return token;
}

function need(cursor: Cursor, symbol: string): void {
  if (take(cursor, symbol) === undefined) throw unexpected(cursor, `"${symbol}"`);
}

function nested(cursor: Cursor, parse: () => Expression): Expression {
  cursor.depth++;
  if (cursor.depth > depthLimit) throw unexpected(cursor, `at most ${depthLimit} levels`);
  const expression = parse();
  cursor.depth--;
  return expression;
}

function unexpected(cursor: Cursor, expected: string): FleetuneError {
  const { column, text: got } = peek(cursor);
  return fail('constraint.syntax', cursor.place, { column, expected, got });
}
