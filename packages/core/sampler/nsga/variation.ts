// A child of two parents, on the unit cube.
//
//   symbol     meaning
//   u_a, u_b   the parents' values of a parameter
//   β          spread of the children around their middle
//   η_c        how near children stay to their parents
// Crossover: Deb & Agrawal: "Simulated binary crossover for continuous search space", Complex
// Systems 9 (1995), within bounds. Choices are taken from either parent.

import type { RandomStream } from '../../numerics/random-stream.ts';
import type { Encoding } from '../encoding.ts';
import { mutateChoice, mutateNumber, within } from '../mutation.ts';

/** The default of pymoo 0.6. */
const ETA_CROSSOVER = 15;
/** Of a parameter, when the parents are crossed. */
const EXCHANGE = 0.5;

export interface Parent {
  readonly unit: Float64Array;
  /** NaN where a parameter is inactive. */
  readonly coordinates: Float64Array;
}

/** A parameter that is inactive in one parent comes from the other; in both, it is drawn anew. */
export function childOf(
  [a, b]: readonly [Parent, Parent],
  { numbers, choices }: Encoding,
  stream: RandomStream,
  crossover: number,
): Float64Array {
  const child = a.unit.slice();
  const crossed = stream.next() < crossover;
  const inherit = (index: number, blend: (ua: number, ub: number) => number): void => {
    const [noA, noB] = [Number.isNaN(a.coordinates[index]!), Number.isNaN(b.coordinates[index]!)];
    if (noA && noB) child[index] = stream.next();
    else if (noA) child[index] = b.unit[index]!;
    else if (!noB && crossed && stream.next() < EXCHANGE) {
      child[index] = blend(a.unit[index]!, b.unit[index]!);
    }
  };
  for (const { index } of numbers) inherit(index, (ua, ub) => binary(ua, ub, stream));
  for (const { index } of choices) inherit(index, (_, ub) => ub);
  return child;
}

/** Each parameter with the probability of one in all; `surely` one at least. */
export function mutate(
  unit: Float64Array,
  { numbers, choices }: Encoding,
  stream: RandomStream,
  surely: boolean,
): void {
  const count = numbers.length + choices.length;
  const chosen = surely ? stream.int(count) : -1;
  numbers.forEach((number, j) => {
    if (j === chosen || stream.next() < 1 / count) mutateNumber(number, unit, stream);
  });
  choices.forEach((choice, i) => {
    if (numbers.length + i === chosen || stream.next() < 1 / count) {
      mutateChoice(choice, unit, stream);
    }
  });
}

/** One of the two children of a simulated binary crossover within [0, 1]. */
function binary(ua: number, ub: number, stream: RandomStream): number {
  const [low, high] = ua < ub ? [ua, ub] : [ub, ua];
  const gap = high - low;
  const quantile = stream.next();
  const lower = stream.next() < 0.5;
  if (gap < 1e-14) return ua;
  const room = lower ? low : 1 - high;
  const alpha = 2 - (1 + (2 * room) / gap) ** -(ETA_CROSSOVER + 1);
  const power = 1 / (ETA_CROSSOVER + 1);
  const beta =
    quantile <= 1 / alpha ? (quantile * alpha) ** power : (1 / (2 - quantile * alpha)) ** power;
  const middle = (low + high) / 2;
  return within(lower ? middle - (beta * gap) / 2 : middle + (beta * gap) / 2);
}
