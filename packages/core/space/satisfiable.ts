import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import { evenPoints, lawful } from './lawful.ts';
import { searchSpace } from './search-space.ts';
import type { Parameter } from './study-spec.ts';

/** Rounds of `lawful`, each of many draws and repairs. */
const rounds = 8;

/** An error when no lawful point can be found: of the one constraint that is impossible alone, else of all together. */
export function checkSatisfiable(
  parameters: readonly Parameter[],
  constraints: readonly string[],
): ErrorInfo | undefined {
  const tried = pointsTried(parameters, constraints);
  if (tried === undefined) return undefined;
  const alone = constraints.findIndex((text) => pointsTried(parameters, [text]) !== undefined);
  if (alone >= 0 || constraints.length === 1) {
    const what = JSON.stringify(constraints[Math.max(0, alone)]);
    return errorInfo('space.unsatisfiable', `constraints[${Math.max(0, alone)}]`, { what, tried });
  }
  return errorInfo('space.unsatisfiable', 'constraints', { what: 'all of them together', tried });
}

/** Undefined as soon as a point satisfies the constraints, else how many were tried. */
function pointsTried(
  parameters: readonly Parameter[],
  constraints: readonly string[],
): number | undefined {
  const space = searchSpace(parameters, constraints);
  const draw = evenPoints(space.dimensions);
  let tried = 0;
  const next = () => {
    tried++;
    return draw();
  };
  for (let round = 0; round < rounds; round++) {
    if (lawful(space, next) !== undefined) return undefined;
  }
  return tried;
}
