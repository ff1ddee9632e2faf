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

/** l or g: where its rows are, in 32-bit numbers. */
interface Side {
  readonly kernels: Packed;
  readonly logTotal: number;
  readonly rows: number;
}

/** Where what is, in 32-bit numbers; `coordinates`, `frame` and `logPriors` are of 64 bits. */
interface Places {
  readonly coordinates: number;
  readonly frame: number;
  readonly logPriors: number;
  readonly scaled: number;
  readonly points: number;
  readonly indices: number;
  readonly tables: number;
  readonly known: number;
  readonly enough: number;
  readonly out: number;
  readonly end: number;
}

interface Screen {
  readonly at: readonly Float64Array[];
  readonly logPriors: readonly number[];
  readonly places: Places;
  readonly kernels: Kernels;
}

/** The indices of those, in any order. Undefined: all of them, as it was not done. */
export function contenders(
  { below, above }: { below: Mixture; above: Mixture },
  at: readonly Float64Array[],
): number[] | undefined {
  const [l, g] = sidesOf(below, above);
  if (l === undefined || g === undefined) return undefined;
  const places = placesOf(l, g, at.length);
  const kernels = kernelsWith(Math.ceil(places.end / 2));
  if (kernels === undefined) return undefined;
  const logPriors = scale(at, l.kernels, places, kernels);
  const furthest = logPriors.reduce((most, logPrior) => Math.max(most, Math.abs(logPrior)), 0);
  const error = errorOf(l.kernels, furthest) + errorOf(g.kernels, furthest);
  if (error > mostError) return undefined;
  copyRows(l, kernels);
  copyRows(g, kernels);
  const screen = { at, logPriors, places, kernels };

  // Not typed arrays: of so few numbers those take longer to make than to fill.
  const order: number[] = [];
  const scores: number[] = [];
  const enough: number[] = [];
  for (let i = 0; i < at.length; i++) {
    order.push(i);
    scores.push(-Infinity);
    enough.push(Infinity);
  }
  sumInto(scores, screen, l, order, enough);
  const logL = scores.slice();
  // With ln g at its least, the prior's part of it.
  const bounds: number[] = [];
  for (let i = 0; i < at.length; i++) bounds.push(logL[i]! + g.logTotal - logPriors[i]!);
  order.sort((a, b) => bounds[b]! - bounds[a]!);
  let reached = -Infinity;
  let asked = 0;
  while (asked < order.length && bounds[order[asked]!]! >= reached - 2 * error) {
    const next = order.slice(asked, asked + lanes);
    for (let p = 0; p < next.length; p++) {
      enough[next[p]!] = logL[next[p]!]! - reached + 2 * error;
    }
    sumInto(scores, screen, g, next, enough);
    for (let p = 0; p < next.length; p++) {
      const score = logL[next[p]!]! - scores[next[p]!]!;
      scores[next[p]!] = score;
      reached = Math.max(reached, score);
    }
    asked += next.length;
  }
  return order.slice(0, asked).filter((i) => scores[i]! >= reached - 2 * error);
}

function copyRows({ kernels, rows }: Side, { singles }: Kernels): void {
  singles.set(kernels.rows.subarray(0, kernels.count * kernels.width), rows);
}

function sidesOf(below: Mixture, above: Mixture): [l: Side, g: Side] | [] {
  const l = below.packed();
  const g = l && above.packed();
  if (l === undefined || g === undefined) return [];
  return [
    { ...l, rows: 0 },
    { ...g, rows: l.kernels.count * l.kernels.width },
  ];
}

/** `furthest`: the largest |ln prior|. */
function errorOf({ start, steepest, dimensions, lookups }: Packed, furthest: number): number {
  const [a, f] = [Math.max(start, furthest) + negligible, dimensions + lookups + 2];
  return restError + unit * (f * a + 10 * steepest * Math.sqrt(2 * a * f));
}

function placesOf({ kernels: l }: Side, { kernels: g, rows }: Side, count: number): Places {
  // 64-bit numbers begin at even places.
  const coordinates = 2 * Math.ceil((rows + g.count * g.width) / 2);
  const frame = coordinates + 2 * count * l.dimensions;
  const logPriors = frame + 2 * l.frame.length;
  const scaled = logPriors + 2 * count;
  const points = scaled + count * l.dimensions;
  const indices = points + lanes * l.dimensions;
  const tables = indices + lanes;
  const known = tables + lanes * Math.max(l.entries, g.entries);
  const enough = known + lanes;
  const out = enough + lanes;
  const end = out + 2 * lanes;
  return {
    coordinates,
    frame,
    logPriors,
    scaled,
    points,
    indices,
    tables,
    known,
    enough,
    out,
    end,
  };
}

/** Writes all points scaled; ln of the prior's density at each. */
function scale(
  at: readonly Float64Array[],
  l: Packed,
  places: Places,
  { run, memory }: Kernels,
): number[] {
  const { coordinates, frame, logPriors, scaled } = places;
  const { dimensions } = l;
  memory.set(l.frame, frame / 2);
  for (let i = 0, to = coordinates / 2; i < at.length; i++, to += dimensions) {
    l.place(at[i]!, memory, to);
  }
  run.scalePoints(
    bytes * coordinates,
    at.length,
    dimensions,
    bytes * frame,
    bytes * scaled,
    bytes * logPriors,
  );
  const found: number[] = [];
  for (let i = 0; i < at.length; i++) {
    found.push(l.withLookups(at[i]!, memory[logPriors / 2 + i]!));
  }
  return found;
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
  const { run, singles, integers } = screen.kernels;
  const { count, dimensions, lookups } = side.kernels;
  for (let first = 0; first < indices.length; first += lanes) {
    const end = Math.min(indices.length, first + lanes);
    for (let p = first; p < end; p++) {
      const lane = p - first;
      seat(screen, side, indices[p]!, lane);
      singles[places.enough + lane] = enough[indices[p]!]! + side.logTotal;
    }
    // Lanes that are left over have some point, too.
    for (let lane = end - first; lane < lanes; lane++) {
      integers[places.indices + lane] = indices[first]!;
      singles[places.enough + lane] = -Infinity;
    }
    run.gatherPoints(
      bytes * places.scaled,
      dimensions,
      bytes * places.indices,
      bytes * places.points,
    );
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

/** Gives a point a lane; what is in the other lanes is of no account. */
function seat(
  { at, logPriors, places, kernels }: Screen,
  side: Side,
  i: number,
  lane: number,
): void {
  const { singles, integers } = kernels;
  integers[places.indices + lane] = i;
  side.kernels.look(at[i]!, singles, places.tables + lane);
  singles[places.known + lane] = logPriors[i]!;
}
