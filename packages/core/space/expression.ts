// The language of constraints. No eval: a text becomes this tree, and constraint.ts compiles the tree.
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

import { fail } from '../errors/index.ts';
import { tokensOf, type Token } from './expression-token.ts';

export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '**';
export type FunctionName = 'abs' | 'min' | 'max' | 'log' | 'exp' | 'sqrt' | 'floor' | 'ceil';

export type Expression = { column: number } & (
  | { kind: 'literal'; value: number | string | boolean | null }
  | { kind: 'parameter'; name: string }
  | { kind: 'call'; function: FunctionName; arguments: Expression[] }
  | { kind: 'minus'; operand: Expression }
  | { kind: 'arithmetic'; operator: Arithmetic; left: Expression; right: Expression }
  | { kind: 'comparison'; operator: Comparison; left: Expression; right: Expression }
  | { kind: 'not'; operand: Expression }
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
);

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

const comparisons = ['<', '<=', '>', '>=', '==', '!='] as const;

/** Deep enough for people; shallow enough that no text can overflow the stack. */
const depthLimit = 200;

/** Throws `constraint.syntax` with the column (from 1). */
export function parseExpression(text: string, place: string): Expression {
  const tokens = tokensOf(text, place);
  let position = 0;
  let depth = 0;

  const peek = (): Token => tokens[position]!;
  const expected = (what: string) => {
    const { column, text: got } = peek();
    return fail('constraint.syntax', place, { column, expected: what, got });
  };
  const take = (...symbols: string[]): Token | undefined =>
    peek().kind === 'symbol' && symbols.includes(peek().text) ? tokens[position++] : undefined;
  const need = (symbol: string) => {
    if (take(symbol) === undefined) throw expected(`"${symbol}"`);
  };
  const nested = <T>(parse: () => T): T => {
    if (++depth > depthLimit) throw expected(`at most ${depthLimit} levels`);
    const result = parse();
    depth--;
    return result;
  };

  const logical = (kind: 'and' | 'or', operand: () => Expression): Expression => {
    let left = operand();
    for (let token; (token = take(kind)) !== undefined;) {
      left = { kind, left, right: operand(), column: token.column };
    }
    return left;
  };
  const either = (): Expression => nested(() => logical('or', both));
  const both = (): Expression => logical('and', negation);
  const negation = (): Expression => {
    const token = take('not');
    if (token === undefined) return comparison();
    return { kind: 'not', operand: nested(negation), column: token.column };
  };
  const comparison = (): Expression => {
    let left = sum();
    let chain: Expression | undefined;
    for (let token; (token = take(...comparisons)) !== undefined;) {
      const { column } = token;
      const right = sum();
      const one = { kind: 'comparison', operator: token.text as Comparison, left, right, column };
      const link = one as Expression;
      chain = chain === undefined ? link : { kind: 'and', left: chain, right: link, column };
      left = right;
    }
    return chain ?? left;
  };
  const arithmetic = (symbols: Arithmetic[], operand: () => Expression): Expression => {
    let left = operand();
    for (let token; (token = take(...symbols)) !== undefined;) {
      const operator = token.text as Arithmetic;
      left = { kind: 'arithmetic', operator, left, right: operand(), column: token.column };
    }
    return left;
  };
  const sum = (): Expression => arithmetic(['+', '-'], product);
  const product = (): Expression => arithmetic(['*', '/', '%'], sign);
  const sign = (): Expression => {
    const token = take('-');
    if (token === undefined) return power();
    return { kind: 'minus', operand: nested(sign), column: token.column };
  };
  const power = (): Expression => {
    const left = atom();
    const token = take('**');
    if (token === undefined) return left;
    const right = nested(sign);
    return { kind: 'arithmetic', operator: '**', left, right, column: token.column };
  };
  const atom = (): Expression => {
    const token = peek();
    const { column } = token;
    if (take('(') !== undefined) {
      const inner = either();
      need(')');
      return inner;
    }
    if (token.kind === 'symbol' || token.kind === 'end') {
      throw expected('a number, a parameter or "("');
    }
    position++;
    if (token.kind === 'literal') return { kind: 'literal', value: token.value, column };
    return take('(') === undefined ? { kind: 'parameter', name: token.text, column } : call(token);
  };
  const call = (token: Token): Expression => {
    const { text: name, column } = token;
    if (!Object.hasOwn(functions, name)) {
      const known = `one of ${Object.keys(functions).join(', ')}`;
      throw fail('constraint.syntax', place, { column, expected: known, got: name });
    }
    const [fewest, most] = functions[name as FunctionName];
    const given: Expression[] = [either()];
    while (take(',') !== undefined) given.push(either());
    need(')');
    if (given.length < fewest || given.length > most) {
      const count = most === fewest ? `${fewest}` : `at least ${fewest}`;
      const wanted = `${count} argument${fewest === 1 ? '' : 's'} of ${name}`;
      throw fail('constraint.syntax', place, { column, expected: wanted, got: given.length });
    }
    return { kind: 'call', function: name as FunctionName, arguments: given, column };
  };

  const expression = either();
  if (peek().kind !== 'end') throw expected('a comparison or the end');
  return expression;
}

/** Names of the parameters in it, each once, in order of appearance, with the column of the first. */
export function parametersOf(expression: Expression): Map<string, number> {
  const columns = new Map<string, number>();
  const visit = (node: Expression) => {
    if (node.kind === 'parameter' && !columns.has(node.name)) columns.set(node.name, node.column);
    if ('left' in node) [node.left, node.right].forEach(visit);
    if ('operand' in node) visit(node.operand);
    if ('arguments' in node) node.arguments.forEach(visit);
  };
  visit(expression);
  return columns;
}
