// Which of the candidates can have the highest score: they are asked in 32 bits, eight at a time, and those that are behind by
// more than the error are out. What remains, mostly one, is asked in 64 bits, so what is suggested does not depend on
// whether this was done.
//
//   symbol   meaning
//   F        factors
//   A        the largest |term| of a kernel that matters: of |start|, |ln prior| and what is negligible beside them
//   V        the largest v (packed.ts)
//   error    of a sum: F roundings of a term, A 2^−24 each, and Σ_d 2 |z_d| δ of the roundings of z_d, where δ ≤ 5 V 2^−24 and
//            Σ_d z_d² ≤ 2 A, thus 10 V 2^−24 sqrt(2 A F) at most

import { kernelsWith, type Kernels } from '../../numerics/kernels/instance.ts';
import type { Mixture } from './mixture.ts';
import { lanes, type Packed } from './packed.ts';

/** With more of it too many would pass. */
const mostError = 0.05;
/** Of exponentials and of kernels that are left out, 20 nats below the largest (assembly/mixture.ts). */
const restError = 1e-5;
const negligible = 20;
const unit = 2 ** -24;
const bytes = 4;

/** What l and g are asked for. */
interface Points {
  readonly at: readonly Float64Array[];
  readonly logPriors: Float64Array;
}

/** l or g: where its rows are, in numbers, and the error of its sums. */
interface Side {
  readonly kernels: Packed;
  readonly logTotal: number;
  readonly rows: number;
  readonly error: number;
}

/** Where the rest is. */
interface Places {
  readonly scaled: number;
  readonly points: number;
  readonly tables: number;
  readonly known: number;
  readonly enough: number;
  readonly out: number;
  readonly end: number;
}

interface Screen {
  readonly points: Points;
  readonly places: Places;
  readonly kernels: Kernels;
}

/** The indices of those, in any order. Undefined: all of them, as it was not done. */
export function contenders(
  { below, above }: { below: Mixture; above: Mixture },
  at: readonly Float64Array[],
): number[] | undefined {
  const points = { at, logPriors: below.logPriors(at) };
  const l = sideOf(below, points, 0);
  const g = l && sideOf(above, points, l.rows + l.kernels.count * l.kernels.width);
  if (l === undefined || g === undefined) return undefined;
  const error = l.error + g.error;
  const places = placesOf(l.kernels, g, at.length);
  const kernels = error <= mostError ? kernelsWith(Math.ceil(places.end / 2)) : undefined;
  if (kernels === undefined) return undefined;
  const screen = { points, places, kernels };
  begin(screen, [l, g]);

  const order = at.map((_, i) => i);
  // Not typed arrays: of so few numbers those take longer to make than to fill.
  const enough = new Array<number>(at.length).fill(Infinity);
  const scores = new Array<number>(at.length).fill(-Infinity);
  sumInto(scores, screen, l, order, enough);
  const logL = scores.slice();
  // With ln g at its least, the prior's part of it.
  const bounds = logL.map((sum, i) => sum + g.logTotal - points.logPriors[i]!);
  order.sort((a, b) => bounds[b]! - bounds[a]!);
  let reached = -Infinity;
  let asked = 0;
  while (asked < order.length && bounds[order[asked]!]! >= reached - 2 * error) {
    const next = order.slice(asked, asked + lanes);
    for (const i of next) enough[i] = logL[i]! - reached + 2 * error;
    sumInto(scores, screen, g, next, enough);
    for (const i of next) {
      scores[i] = logL[i]! - scores[i]!;
      reached = Math.max(reached, scores[i]!);
    }
    asked += next.length;
  }
  return order.slice(0, asked).filter((i) => scores[i]! >= reached - 2 * error);
}

function sideOf(mixture: Mixture, { logPriors }: Points, rows: number): Side | undefined {
  const packed = mixture.packed();
  if (packed === undefined) return undefined;
  const { start, steepest, dimensions, lookups } = packed.kernels;
  let furthest = start;
  for (let i = 0; i < logPriors.length; i++) furthest = Math.max(furthest, Math.abs(logPriors[i]!));
  const [a, f] = [furthest + negligible, dimensions + lookups + 2];
  const error = restError + unit * (f * a + 10 * steepest * Math.sqrt(2 * a * f));
  return { ...packed, rows, error };
}

function placesOf(l: Packed, g: Side, count: number): Places {
  const scaled = g.rows + g.kernels.count * g.kernels.width;
  const points = scaled + count * l.dimensions;
  const tables = points + lanes * l.dimensions;
  const known = tables + lanes * Math.max(l.entries, g.kernels.entries);
  const enough = known + lanes;
  return { scaled, points, tables, known, enough, out: enough + lanes, end: enough + 3 * lanes };
}

function begin({ points, places, kernels: { singles } }: Screen, sides: readonly Side[]): void {
  for (const { kernels, rows } of sides) {
    singles.set(kernels.rows.subarray(0, kernels.count * kernels.width), rows);
  }
  const { dimensions, scale } = sides[0]!.kernels;
  for (let i = 0; i < points.at.length; i++) {
    scale(points.at[i]!, singles, places.scaled + i * dimensions);
  }
}

/** Writes ln l or ln g of the points with these indices; where all are at least theirs of `enough`, something between that and it. */
function sumInto(
  to: number[],
  screen: Screen,
  side: Side,
  indices: readonly number[],
  enough: readonly number[],
): void {
  const { places } = screen;
  const { out } = places;
  const { run, singles } = screen.kernels;
  const { count, dimensions, lookups } = side.kernels;
  for (let first = 0; first < indices.length; first += lanes) {
    const end = Math.min(indices.length, first + lanes);
    for (let p = first; p < end; p++) {
      const lane = p - first;
      place(screen, side, indices[p]!, lane);
      singles[places.enough + lane] = enough[indices[p]!]! + side.logTotal;
    }
    for (let lane = end - first; lane < lanes; lane++) singles[places.enough + lane] = -Infinity;
    run.sumTerms(
      bytes * side.rows,
      count,
      dimensions,
      lookups,
      bytes * places.points,
      bytes * places.tables,
      bytes * places.known,
      bytes * places.enough,
      bytes * out,
    );
    for (let p = first; p < end; p++) {
      const m = singles[out + p - first]!;
      const s = singles[out + lanes + p - first]!;
      to[indices[p]!] = m + Math.log(s) - side.logTotal;
    }
  }
}

/** Puts a point into a lane; what is in the other lanes is of no account. */
function place({ points, places, kernels }: Screen, side: Side, index: number, lane: number): void {
  const { singles } = kernels;
  const { dimensions } = side.kernels;
  const from = places.scaled + index * dimensions;
  for (let d = 0, to = places.points + lane; d < dimensions; d++, to += lanes) {
    singles[to] = singles[from + d]!;
  }
  side.kernels.look(points.at[index]!, singles, places.tables + lane);
  singles[places.known + lane] = points.logPriors[index]!;
}
