// Which of the candidates can have the highest score: they are asked in 32 bits, eight at a time, and those that are behind by
// more than the error are out (numerics/kernels/assembly/screen.ts). What remains, mostly one, is asked in 64 bits, so what is
// suggested does not depend on whether this was done.
//
//   symbol   meaning
//   F        factors
//   A        the largest |term| of a kernel that matters: of |start|, |ln prior| and what is negligible beside them
//   V        the largest v (packed.ts)
//   error    of a sum: F roundings of a term, A 2^−24 each, and Σ_d 2 |z_d| δ of the roundings of z_d, where δ ≤ 5 V 2^−24 and
//            Σ_d z_d² ≤ 2 A, thus 10 V 2^−24 sqrt(2 A F) at most

import { kernelsWith, type Kernels } from '../../numerics/kernels/instance.ts';
import { columnOf } from './cell-masses.ts';
import { choiceTerms } from './choice-kernels.ts';
import { withOtherPriors } from './factors.ts';
import type { Mixture } from './mixture.ts';
import { cellOf, onScale, type NumericKernels } from './numeric-kernels.ts';
import type { Packed } from './packed.ts';

const bytes = 4;
/** Points that are looked at together, and constants in their batch. */
const [lanes, constants] = [8, 36];

/** Where what is, in 32-bit numbers; those of 64 bits come first, at even places. */
interface Places {
  readonly coordinates: number;
  readonly frame: number;
  readonly logPriors: number;
  readonly room: number;
  readonly places: number;
  readonly out: number;
  readonly l: number;
  readonly g: number;
  readonly end: number;
}

/** Numbers of what says where points are, and where a side is. */
const [pointsHead, sideHead] = [10, 7];

/** The indices of those, in any order. Undefined: all of them, as it was not done. */
export function contenders(
  { below, above }: { below: Mixture; above: Mixture },
  at: readonly Float64Array[],
): Int32Array | undefined {
  const l = below.packed();
  const g = l && above.packed();
  if (l === undefined || g === undefined) return undefined;
  const asked = l.factors.stepped.map((c) => askedCells(c, at));
  const places = placesOf(l, g, at.length, asked);
  const kernels = kernelsWith(Math.ceil(places.end / 2));
  if (kernels === undefined) return undefined;
  writePoints(at, l, asked, places, kernels);
  writeSide(l, places.l, asked, kernels);
  writeSide(g, places.g, asked, kernels);
  const { out } = places;
  const count = kernels.run.contenders(0, bytes * places.l, bytes * places.g, bytes * out);
  return count < 0 ? undefined : kernels.integers.slice(out, out + count);
}

/** Of a parameter with steps: masses are looked up where the points are. */
interface AskedCells {
  /** Each once. */
  readonly cells: readonly number[];
  /** Of each point which of them is its. */
  readonly ofPoint: Int32Array;
}

function askedCells(c: NumericKernels, at: readonly Float64Array[]): AskedCells {
  const cells: number[] = [];
  const ofPoint = new Int32Array(at.length);
  /** Of each cell its place, plus 1: a `Map` takes longer. */
  const places = new Int32Array(c.axis.cells);
  for (let i = 0; i < at.length; i++) {
    const cell = cellOf(c, at[i]![c.index]!);
    if (places[cell] === 0) places[cell] = cells.push(cell);
    ofPoint[i] = places[cell]! - 1;
  }
  return { cells, ofPoint };
}

function placesOf(l: Packed, g: Packed, count: number, asked: readonly AskedCells[]): Places {
  const { continuous, choices, stepped } = l.factors;
  const others = choices.length + stepped.length;
  const coordinates = pointsHead;
  const frame = coordinates + 2 * count * continuous.length;
  const logPriors = frame + 2 * l.frame.length;
  const room = logPriors + 2 * count;
  const batch = lanes * (continuous.length + others + 4) + constants;
  const places = room + 7 * count + count * continuous.length + batch;
  const out = places + count * others;
  const ofL = out + Math.max(count, lanes);
  const ofG = ofL + sizeOf(l, asked);
  const end = ofG + sizeOf(g, asked);
  return { coordinates, frame, logPriors, room, places, out, l: ofL, g: ofG, end };
}

function sizeOf({ factors, count, width }: Packed, asked: readonly AskedCells[]): number {
  const { choices, stepped } = factors;
  let size = sideHead + count * (width + 1) + 2 * choices.length + 2 * stepped.length;
  for (let f = 0; f < stepped.length; f++) {
    size += asked[f]!.cells.length * stepped[f]!.masses!.centres.length;
  }
  return size;
}

function writePoints(
  at: readonly Float64Array[],
  { factors, frame }: Packed,
  asked: readonly AskedCells[],
  places: Places,
  { memory, integers }: Kernels,
): void {
  const { continuous, choices, stepped } = factors;
  integers[0] = at.length;
  integers[1] = continuous.length;
  integers[2] = choices.length;
  integers[3] = stepped.length;
  integers[4] = bytes * places.coordinates;
  integers[5] = bytes * places.frame;
  integers[6] = bytes * places.logPriors;
  integers[7] = bytes * places.places;
  integers[8] = bytes * places.room;
  memory.set(frame, places.frame / 2);
  const n = at.length;
  const [width, others] = [continuous.length, choices.length + stepped.length];
  for (let d = 0; d < width; d++) {
    const c = continuous[d]!;
    const { index } = c;
    let to = places.coordinates / 2 + d;
    for (let i = 0; i < n; i++, to += width) memory[to] = onScale(c, at[i]![index]!);
  }
  for (let c = 0; c < choices.length; c++) {
    const { index } = choices[c]!;
    let to = places.places + c;
    for (let i = 0; i < n; i++, to += others) integers[to] = at[i]![index]!;
  }
  for (let f = 0; f < stepped.length; f++) {
    const { ofPoint } = asked[f]!;
    let to = places.places + choices.length + f;
    for (let i = 0; i < n; i++, to += others) integers[to] = ofPoint[i]!;
  }
  for (let i = 0; i < n; i++)
    memory[places.logPriors / 2 + i] = withOtherPriors(factors, at[i]!, 0);
}

function writeSide(
  side: Packed,
  head: number,
  asked: readonly AskedCells[],
  { singles, integers }: Kernels,
): void {
  const { choices, stepped } = side.factors;
  const rows = head + sideHead;
  const weights = rows + side.count * side.width;
  const terms = weights + side.count;
  const tables = terms + 2 * choices.length;
  integers[head] = bytes * rows;
  integers[head + 1] = side.count;
  integers[head + 2] = bytes * weights;
  integers[head + 3] = bytes * terms;
  integers[head + 4] = bytes * tables;
  singles[head + 5] = side.furthest;
  singles[head + 6] = side.steepest;
  singles.set(side.rows.subarray(0, side.count * side.width), rows);
  singles.set(side.weights.subarray(0, side.count), weights);
  for (let c = 0; c < choices.length; c++) {
    const { hit, miss } = choiceTerms(choices[c]!);
    singles[terms + 2 * c] = hit;
    singles[terms + 2 * c + 1] = miss;
  }
  let at = tables + 2 * stepped.length;
  for (let f = 0; f < stepped.length; f++) {
    const masses = stepped[f]!.masses!;
    const length = masses.centres.length;
    integers[tables + 2 * f] = bytes * at;
    integers[tables + 2 * f + 1] = bytes * length;
    for (const cell of asked[f]!.cells) {
      singles.set(columnOf(masses, cell).singles.subarray(0, length), at);
      at += length;
    }
  }
}
