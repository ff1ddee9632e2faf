// A trial vector, on the unit cube: DE/current-to-pbest/1/bin, Zhang & Sanderson: "JADE", IEEE
// Trans. Evol. Comp. 13 (2009) 945–958.
//
//   symbol      meaning
//   x, p        the target, and one of the best; a, b two others
//   F, CR       length of a step; share of the parameters that move
//   v           what a parameter moves to
// Choices have no differences: where a and b differ, a's is taken with probability F, else p's with
// probability F.

import type { RandomStream } from '../../numerics/random-stream.ts';
import type { Encoding } from '../encoding.ts';

export interface Vector {
  readonly unit: Float64Array;
  /** NaN where a parameter is inactive. */
  readonly coordinates: Float64Array;
}

export interface Four {
  readonly x: Vector;
  readonly p: Vector;
  readonly a: Vector;
  readonly b: Vector;
}

export interface Rates {
  readonly f: number;
  readonly cr: number;
}

/**
 * A parameter that is inactive in the target is as in p; in both, as `fresh` draws it. A difference
 * with somebody who does not have the parameter is nothing.
 */
export function trialVector(
  { x, p, a, b }: Four,
  { numbers, choices }: Encoding,
  { f, cr }: Rates,
  fresh: (index: number) => number,
  stream: RandomStream,
): Float64Array {
  const unit = x.unit.slice();
  const has = (one: Vector, index: number) => !Number.isNaN(one.coordinates[index]!);
  const moves = mover(numbers.length + choices.length, cr, stream);
  for (const { index } of numbers) {
    const crossed = moves();
    if (!has(x, index)) unit[index] = has(p, index) ? p.unit[index]! : fresh(index);
    else if (crossed) {
      const u = unit[index]!;
      const best = has(p, index) ? p.unit[index]! - u : 0;
      const apart = has(a, index) && has(b, index) ? a.unit[index]! - b.unit[index]! : 0;
      unit[index] = bounded(u + f * best + f * apart, u);
    }
  }
  for (const { index, choiceOf } of choices) {
    const crossed = moves();
    if (!has(x, index)) unit[index] = has(p, index) ? p.unit[index]! : fresh(index);
    else if (crossed) {
      const both = has(a, index) && has(b, index);
      const apart = both && choiceOf(a.coordinates[index]!) !== choiceOf(b.coordinates[index]!);
      const draw = stream.next();
      if (apart && draw < f) unit[index] = a.unit[index]!;
      else if (has(p, index) && stream.next() < f) unit[index] = p.unit[index]!;
    }
  }
  return unit;
}

/** Does the next parameter move? One does at least. */
function mover(count: number, cr: number, stream: RandomStream): () => boolean {
  const surely = stream.int(count);
  let i = 0;
  return () => {
    const sure = i++ === surely;
    return stream.next() < cr || sure;
  };
}

/** Outside the range: half the way to its end (Zhang & Sanderson 2009, section III). */
function bounded(v: number, u: number): number {
  return v < 0 ? u / 2 : v > 1 ? (1 + u) / 2 : v;
}
