// The tree of a constraint; parse-expression.ts makes it, constraint.ts compiles it.

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

/** Names of the parameters in it, each once. */
export function parametersOf(expression: Expression): Set<string> {
  const names = new Set<string>();
  const visit = (node: Expression) => {
    if (node.kind === 'parameter') names.add(node.name);
    if ('left' in node) [node.left, node.right].forEach(visit);
    if ('operand' in node) visit(node.operand);
    if ('arguments' in node) node.arguments.forEach(visit);
  };
  visit(expression);
  return names;
}
