// Kernels of a numeric parameter: normal distributions truncated to the range, on its scale
// (Optuna 5.0.0, `_calculate_numerical_distributions` and `_truncnorm`).
//
//   symbol    meaning                                                       shape
//   n         observations, each the kernel of its slot (slots.ts), and the prior
//   mu        centres: the observations                                     n
//   sigma     widths: the larger gap to a neighbour, clipped                n
//   from, to  ends of the scale (ln for log, half a step wider for steps)
//   a_k, b_k  (from − mu_k)/sigma_k ≤ 0, (to − mu_k)/sigma_k ≥ 0
//   low, high Φ(a_k) and 1 − Φ(b_k), the mass that is cut off               n
//   p_k(x) = phi((x − mu_k)/sigma_k) / (sigma_k (Φ(b_k) − Φ(a_k)))          continuous
//   p_k(x) = (Φ((right − mu_k)/sigma_k) − Φ((left − mu_k)/sigma_k)) / (Φ(b_k) − Φ(a_k))   the cell of x
//
// A new observation changes the widths of two neighbours at most, until there are so many that the
// narrowest width, which depends on n, stays where it is; before that all are looked at again.

import { erfc } from '../../numerics/erf.ts';
import { logSqrt2Pi } from '../../numerics/normal.ts';
import { logGaussMass } from '../../numerics/truncated-normal.ts';
import type { Axis } from '../../space/axis.ts';
import type { Scale } from '../scale.ts';
import { createCellMasses, forgetMasses, putInGroup, type CellMasses } from './cell-masses.ts';
import { larger } from './column.ts';
import type { Observation, Place, Role, Survivors } from './kernels.ts';
import { mark, type Marks } from './marks.ts';
import { numericPrior, type NumericPrior } from './numeric-prior.ts';
import { createSortedSlots, insertSlot, removeSlot, type SortedSlots } from './sorted-slots.ts';
import { tieKey } from './tie-key.ts';

type Column = Float64Array<ArrayBuffer>;

/** With more cells few of them are asked for twice. */
const mostCells = 1000;

export interface NumericKernels extends Place {
  readonly scale: Scale;
  readonly axis: Axis;
  /** Ends of the range, as coordinates. */
  readonly lowest: number;
  readonly highest: number;
  readonly prior: NumericPrior;
  readonly sorted: SortedSlots;
  /** The narrowest width, as a share of the range; more where there are few observations. */
  readonly least: number;
  /** At the last look at all widths; NaN: there is to be one. */
  narrowest: number;
  mu: Column;
  tie: Uint32Array<ArrayBuffer>;
  /** 1/(sigma √2); NaN: not known yet. */
  inverse: Column;
  constant: Column;
  /** Kept where draws are made. */
  low: Column | undefined;
  high: Column | undefined;
  /** Only with few steps. */
  readonly masses: CellMasses | undefined;
  /** What each cell adds to ln of the prior, NaN where that is not known yet. Only with few steps. */
  readonly priors: Float64Array | undefined;
}

/** Without observations. */
export function numericKernels(
  { index, draw }: Place,
  scale: Scale,
  axis: Axis,
  { drawn, least }: Role,
): NumericKernels {
  const column = () => new Float64Array(0);
  const fewCells = scale.step > 0 && axis.cells <= mostCells;
  return {
    index,
    draw,
    scale,
    axis,
    lowest: axis.fromUnit(0),
    highest: axis.fromUnit(1),
    prior: numericPrior(scale),
    sorted: createSortedSlots(),
    least,
    narrowest: NaN,
    mu: column(),
    tie: new Uint32Array(0),
    inverse: column(),
    constant: column(),
    low: drawn ? column() : undefined,
    high: drawn ? column() : undefined,
    masses: fewCells ? massesOf(scale, axis) : undefined,
    priors: fewCells ? new Float64Array(axis.cells).fill(NaN) : undefined,
  };
}

function massesOf(scale: Scale, axis: Axis): CellMasses {
  const lefts = new Float64Array(axis.cells);
  const rights = new Float64Array(axis.cells);
  for (let cell = 0; cell < axis.cells; cell++) {
    [lefts[cell], rights[cell]] = cellAround({ scale }, axis.atCell(cell)) as [number, number];
  }
  return createCellMasses(lefts, rights);
}

/** A new observation; `trials` by slot. Marks kernels whose constant changes. */
export function insertNumeric(
  c: NumericKernels,
  { slot, trials }: Observation,
  coordinates: Float64Array,
  changed: Marks,
): void {
  while (slot >= c.mu.length) grow(c);
  c.mu[slot] = onScale(c, coordinates[c.index]!);
  c.tie[slot] = tieKey(trials[slot]!, c.index);
  c.inverse[slot] = NaN;
  widenAround(c, insertSlot(c.sorted, slot, { mu: c.mu, tie: c.tie, trials }), changed);
}

export function removeNumeric(
  c: NumericKernels,
  { slot, trials }: Observation,
  changed: Marks,
): void {
  const place = removeSlot(c.sorted, slot, { mu: c.mu, tie: c.tie, trials });
  widenAround(c, place, changed);
}

/** Makes all widths current. */
export function refreshNumeric(c: NumericKernels, changed: Marks): void {
  if (c.masses !== undefined && c.masses.centres.length > 4 * c.sorted.count + 64) {
    forgetMasses(c.masses);
    c.inverse.fill(NaN);
    c.narrowest = NaN;
  }
  const narrowest = narrowestOf(c);
  if (narrowest === c.narrowest) return;
  c.narrowest = narrowest;
  for (let i = 0; i < c.sorted.count; i++) widen(c, i, changed);
}

/** Adds the rest of ln p_k at `at` on the scale, and drops those below the floor. */
export function narrowByDensity(
  { mu, inverse }: NumericKernels,
  at: number,
  survivors: Survivors,
  floor: number,
): void {
  const { which, terms, count } = survivors;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const k = which[i]!;
    const z = (at - mu[k]!) * inverse[k]!;
    const term = terms[i]! - z * z;
    if (term < floor) continue;
    which[kept] = k;
    terms[kept++] = term;
  }
  survivors.count = kept;
}

interface Narrowing {
  coordinates: Float64Array;
  survivors: Survivors;
  floor: number;
}

/** Of the four parameters from the i-th on in one pass, which costs little more than one alone. */
export function narrowByFour(
  factors: readonly NumericKernels[],
  i: number,
  { coordinates, survivors, floor }: Narrowing,
): void {
  const { which, terms, count } = survivors;
  const a = factors[i]!;
  const b = factors[i + 1]!;
  const c = factors[i + 2]!;
  const d = factors[i + 3]!;
  const { mu: muA, inverse: inverseA } = a;
  const { mu: muB, inverse: inverseB } = b;
  const { mu: muC, inverse: inverseC } = c;
  const { mu: muD, inverse: inverseD } = d;
  const atA = onScale(a, coordinates[a.index]!);
  const atB = onScale(b, coordinates[b.index]!);
  const atC = onScale(c, coordinates[c.index]!);
  const atD = onScale(d, coordinates[d.index]!);
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const k = which[at]!;
    const zA = (atA - muA[k]!) * inverseA[k]!;
    const zB = (atB - muB[k]!) * inverseB[k]!;
    const zC = (atC - muC[k]!) * inverseC[k]!;
    const zD = (atD - muD[k]!) * inverseD[k]!;
    const term = terms[at]! - (zA * zA + zB * zB + (zC * zC + zD * zD));
    if (term < floor) continue;
    which[kept] = k;
    terms[kept++] = term;
  }
  survivors.count = kept;
}

/** The same with steps, by the mass of the cell from `left` to `right`. */
export function narrowByCell(
  { mu, inverse }: NumericKernels,
  [left, right]: readonly [number, number],
  survivors: Survivors,
  floor: number,
): void {
  const { which, terms, count } = survivors;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const k = which[i]!;
    const scaled = inverse[k]! * Math.SQRT2;
    const mass = logGaussMass((left - mu[k]!) * scaled, (right - mu[k]!) * scaled);
    const term = terms[i]! + mass;
    if (term < floor) continue;
    which[kept] = k;
    terms[kept++] = term;
  }
  survivors.count = kept;
}

export function onScale({ scale }: Pick<NumericKernels, 'scale'>, coordinate: number): number {
  return scale.log ? Math.log(coordinate) : coordinate;
}

/** The number of the cell of a coordinate. */
export function cellOf({ lowest, scale }: NumericKernels, coordinate: number): number {
  return Math.round((coordinate - lowest) / scale.step);
}

/** The ends of the cell of a coordinate, on the scale. */
export function cellAround(c: Pick<NumericKernels, 'scale'>, coordinate: number): [number, number] {
  const half = 0.5 * c.scale.step;
  return [onScale(c, coordinate - half), onScale(c, coordinate + half)];
}

/** `consider_magic_clip`, and our own limit. */
function narrowestOf({ scale, sorted, least }: NumericKernels): number {
  return (scale.to - scale.from) * Math.max(least, 1 / Math.min(100, sorted.count + 2));
}

/** As if the narrowest width were what it was: mostly it is so again when all are asked, since for one that goes another comes. */
function widenAround(c: NumericKernels, place: number, changed: Marks): void {
  if (Number.isNaN(c.narrowest)) return;
  const last = Math.min(place + 1, c.sorted.count - 1);
  for (let i = Math.max(0, place - 1); i <= last; i++) widen(c, i, changed);
}

/** Gives the kernel at the place its width, and what follows from it. */
function widen(c: NumericKernels, place: number, changed: Marks): void {
  const { from, to, step } = c.scale;
  const k = c.sorted.at[place]!;
  // Not by `Math`, which is a call until this is optimised.
  const gap = widestGap(c, place);
  const wide = gap > c.narrowest ? gap : c.narrowest;
  const sigma = wide < to - from ? wide : to - from;
  const inverse = Math.SQRT1_2 / sigma;
  if (inverse === c.inverse[k]) return;
  const low = tail((c.mu[k]! - from) * inverse);
  const high = tail((to - c.mu[k]!) * inverse);
  const mass = low + high === 0 ? 0 : Math.log1p(-low - high);
  c.inverse[k] = inverse;
  c.constant[k] = step > 0 ? -mass : -mass - Math.log(sigma) - logSqrt2Pi;
  if (c.low !== undefined) c.low[k] = low;
  if (c.high !== undefined) c.high[k] = high;
  if (c.masses !== undefined) putInGroup(c.masses, k, c.mu[k]!, sigma);
  mark(changed, k);
}

/** Φ(−x √2) for x ≥ 0, or 0 where that is less than the rounding of 1. */
function tail(x: number): number {
  return x < 6 ? 0.5 * erfc(x) : 0;
}

/**
 * The larger gap to a neighbour; the ends of the scale are neighbours of a single observation only
 * (`consider_endpoints=False`).
 */
function widestGap({ sorted, mu, scale }: NumericKernels, place: number): number {
  const { at, count } = sorted;
  const centre = mu[at[place]!]!;
  if (count === 1) return Math.max(centre - scale.from, scale.to - centre);
  const before = place > 0 ? centre - mu[at[place - 1]!]! : 0;
  const after = place < count - 1 ? mu[at[place + 1]!]! - centre : 0;
  return before > after ? before : after;
}

function grow(c: NumericKernels): void {
  c.mu = larger(c.mu);
  c.tie = larger(c.tie);
  c.inverse = larger(c.inverse);
  c.constant = larger(c.constant);
  c.low &&= larger(c.low);
  c.high &&= larger(c.high);
  if (c.masses !== undefined) c.masses.groupOf = larger(c.masses.groupOf);
}
