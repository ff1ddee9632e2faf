// A child of two parents, on the unit cube.
//
//   symbol     meaning
//   u_a, u_b   the parents' values of a parameter
//   β, δ       spread of the children around their middle; length of a mutation
//   η_c, η_m   how near children stay to their parents, and mutants to what they were
// Crossover: Deb & Agrawal: "Simulated binary crossover for continuous search space", Complex
// Systems 9 (1995), within bounds; mutation: Deb & Goyal, 1996 (polynomial). Choices are taken from
// either parent and mutate to any other.

import type { RandomStream } from '../../numerics/random-stream.ts';
import type { Encoding } from '../encoding.ts';

/** The defaults of pymoo 0.6. */
const ETA_CROSSOVER = 15;
const ETA_MUTATION = 20;
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
  numbers.forEach(({ index, cells, cellOf, centre }, j) => {
    if (j !== chosen && stream.next() >= 1 / count) return;
    const before = unit[index]!;
    const after = polynomial(before, stream);
    unit[index] = after;
    if (cells === Infinity) return;
    // A step that would end in its own cell goes to the next.
    const [from, to] = [cellOf(before), cellOf(after)];
    const up = from === 0 || (from < cells - 1 && after > before);
    if (from === to) unit[index] = centre(up ? from + 1 : from - 1);
  });
  choices.forEach(({ index, count: options, unitOf, choiceOfUnit }, i) => {
    if (numbers.length + i !== chosen && stream.next() >= 1 / count) return;
    const other = stream.int(options - 1);
    unit[index] = unitOf(other < choiceOfUnit(unit[index]!) ? other : other + 1);
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

function polynomial(u: number, stream: RandomStream): number {
  const quantile = stream.next();
  const power = 1 / (ETA_MUTATION + 1);
  if (quantile < 0.5) {
    const value = 2 * quantile + (1 - 2 * quantile) * (1 - u) ** (ETA_MUTATION + 1);
    return within(u + value ** power - 1);
  }
  const value = 2 * (1 - quantile) + (2 * quantile - 1) * u ** (ETA_MUTATION + 1);
  return within(u + 1 - value ** power);
}

function within(u: number): number {
  return Math.min(1, Math.max(0, u));
}
