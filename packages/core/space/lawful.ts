// Points that satisfy the constraints: by rejection while that is cheap, by repair where lawful points are rare.

import type { SearchSpace } from './search-space.ts';

const draws = 64;
const repairs = 32;

/**
 * Coordinates that satisfy every constraint, from points of the unit cube that `next` gives; undefined when none was
 * found. Without constraints it is one call of `next`.
 */
export function lawful(space: SearchSpace, next: () => Float64Array): Float64Array | undefined {
  for (let draw = 0; draw < draws; draw++) {
    const coordinates = space.fromUnit(next());
    if (space.satisfies(coordinates)) return coordinates;
  }
  for (let repair = 0; repair < repairs; repair++) {
    const coordinates = repaired(space, next());
    if (coordinates !== undefined) return coordinates;
  }
  return undefined;
}

/** Share of an even covering of the unit cube that satisfies the constraints; the same on every call. */
export function acceptanceRate(space: SearchSpace, points = 4096): number {
  const next = evenPoints(space.dimensions);
  let accepted = 0;
  for (let k = 0; k < points; k++) if (space.satisfies(space.fromUnit(next()))) accepted++;
  return accepted / points;
}

/**
 * A low-discrepancy sequence that needs no tables: multiples of powers of the root of x^(d+1) = x + 1, modulo 1
 * (M. Roberts, The unreasonable effectiveness of quasirandom sequences, 2018).
 */
export function evenPoints(dimensions: number): () => Float64Array {
  let root = 2;
  for (let i = 0; i < 60; i++) root = (1 + root) ** (1 / (dimensions + 1));
  const steps = Float64Array.from({ length: dimensions }, (_, i) => root ** -(i + 1) % 1);
  let k = 0;
  return () => {
    k++;
    return steps.map((step) => (0.5 + k * step) % 1);
  };
}

const sweeps = 30;
/** Moves of one dimension, nearest first, so that a repaired point stays close to the drawn one. */
const moves = Array.from({ length: 12 }, (_, i) => 2 ** (i - 12)).flatMap((step) => [step, -step]);

/** Walks one dimension at a time downhill on the violation, until it is 0 or no move helps. */
function repaired(space: SearchSpace, start: Float64Array): Float64Array | undefined {
  const unit = start.slice();
  let violation = space.violation(space.fromUnit(unit));
  let fine = false;
  for (let sweep = 0; sweep < sweeps && violation > 0; sweep++) {
    const before = violation;
    for (let i = 0; i < unit.length && violation > 0; i++) {
      violation = bestMove(space, unit, i, violation, fine);
    }
    if (violation >= before && fine) return undefined;
    fine = violation > before / 2;
  }
  return violation === 0 ? space.fromUnit(unit) : undefined;
}

interface Place {
  u: number;
  violation: number;
  /** Length of the move. */
  reach: number;
}

/** Changes unit[i] to the place along its axis with the least violation, which it returns. */
function bestMove(
  space: SearchSpace,
  unit: Float64Array,
  i: number,
  violation: number,
  fine: boolean,
): number {
  const start = unit[i]!;
  const violationAt = (u: number): number => {
    unit[i] = u;
    return space.violation(space.fromUnit(unit));
  };
  let best: Place = { u: start, violation, reach: 0 };
  /** No constraint that is broken asks for this dimension. */
  let flat = true;
  for (const move of [...moves, -start, 1 - start]) {
    const u = start + move;
    if (best.violation === 0) break;
    if (u < 0 || u > 1) continue;
    const found = violationAt(u);
    flat &&= found === violation;
    // On a plateau the farther place: max(a, b) only falls on when both are well below.
    const level = found === best.violation && best.reach > 0 && Math.abs(move) <= 0.5;
    if (found < best.violation || level) best = { u, violation: found, reach: Math.abs(move) };
  }
  if (fine && !flat && best.violation > 0) best = refined(violationAt, best);
  unit[i] = best.u;
  return best.violation;
}

/** Golden-section search: an equality holds at one point of the axis only, which no fixed step meets. */
function refined(violationAt: (u: number) => number, best: Place): Place {
  const ratio = (Math.sqrt(5) - 1) / 2;
  const reach = Math.max(best.reach, moves[0]!);
  let low = Math.max(0, best.u - reach);
  let high = Math.min(1, best.u + reach);
  let left = high - ratio * (high - low);
  let right = low + ratio * (high - low);
  let [atLeft, atRight] = [violationAt(left), violationAt(right)];
  let found = best;
  for (let i = 0; i < 50 && found.violation > 0; i++) {
    if (atLeft < found.violation) found = { u: left, violation: atLeft, reach };
    if (atRight < found.violation) found = { u: right, violation: atRight, reach };
    if (atLeft <= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - ratio * (high - low);
      atLeft = violationAt(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + ratio * (high - low);
      atRight = violationAt(right);
    }
  }
  return found;
}
