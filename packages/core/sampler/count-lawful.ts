// How many combinations of an enumeration satisfy the constraints, without looking at each of them: by dynamic
// programming over the parameters.
//
//   symbol       meaning
//   live(i)      parameters before i that a condition or a constraint still asks for from i on
//   rest(i)      number of lawful ways to fill parameters i … given the values of live(i)
// Parameters that no constraint names are taken run by run, the others level by level.

import { parametersOf } from '../space/expression.ts';
import { parseExpression } from '../space/parse-expression.ts';
import type { SearchSpace } from '../space/search-space.ts';
import type { Enumeration } from './enumeration.ts';

/** Values that are tried before counting is given up: about 0.1 s. */
const TRIED = 100_000;

const INACTIVE = [{ count: 1, at: NaN }];

/** Undefined where it would take too long to know. Exact up to 2^53. */
export function countLawful(space: SearchSpace, all: Enumeration): number | undefined {
  if (space.constraints.length === 0) return all.count;
  const { dimensions } = space;
  const asked = askedFor(space);
  const named = new Set(asked.slice(dimensions).flat());
  const live = Array.from({ length: dimensions }, (_, i) => liveAt(asked, dimensions, i));
  const chosen = new Float64Array(dimensions).fill(NaN);
  const seen = new Map<string, number>();
  let tried = 0;

  function* valuesOf(i: number): Iterable<{ count: number; at: number }> {
    if (!space.active(i, chosen)) yield* INACTIVE;
    else if (!named.has(i)) yield* all.runs[i]!;
    else {
      const { count, at } = all.levels[i]!;
      for (let k = 0; k < count; k++) yield { count: 1, at: at(k) };
    }
  }

  const rest = (i: number): number => {
    if (i === dimensions) return 1;
    const key = `${i}:${live[i]!.map((j) => chosen[j]).join()}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    let total = 0;
    for (const { count, at } of valuesOf(i)) {
      if (++tried > TRIED) break;
      chosen[i] = at;
      // A constraint that names a parameter without a value holds.
      if (!named.has(i) || space.satisfies(chosen)) total += count * rest(i + 1);
    }
    chosen[i] = NaN;
    seen.set(key, total);
    return total;
  };

  const count = rest(0);
  return tried > TRIED ? undefined : count;
}

/** What is asked for together: of each parameter its parents and itself, then what each constraint names. */
function askedFor(space: SearchSpace): number[][] {
  const parents = space.parameters.map(({ when = {} }, i) => [
    ...Object.keys(when).map((name) => space.index(name)),
    i,
  ]);
  const constraints = space.constraints.map((text) =>
    [...parametersOf(parseExpression(text, 'constraints'))].map((name) => space.index(name)),
  );
  return [...parents, ...constraints];
}

function liveAt(asked: readonly number[][], dimensions: number, i: number): number[] {
  const open = asked.filter((group, g) => (g < dimensions ? g >= i : Math.max(...group) >= i));
  return [...new Set(open.flat())].filter((j) => j < i).sort((a, b) => a - b);
}
