// Which kernels matter at a point: the factors of a mixture are asked one after the other, and kernels
// that fall below a floor are dropped on the way.

import { narrowByMass } from './cell-masses.ts';
import { narrowByChoice } from './choice-kernels.ts';
import type { Factors } from './factors.ts';
import type { Survivors } from './kernels.ts';
import type { Scan } from './scan.ts';
import {
  cellAround,
  cellOf,
  narrowByCell,
  narrowByDensity,
  narrowByFour,
  onScale,
  type NumericKernels,
} from './numeric-kernels.ts';

/** The kernels of `scan` from one place to another, but for one of them. */
export function begin(
  survivors: Survivors,
  constants: Float64Array,
  { kernels }: Scan,
  [from, to]: readonly [number, number],
  except: number,
): void {
  const { which, terms } = survivors;
  let count = 0;
  for (let i = from; i < to; i++) {
    const k = kernels[i]!;
    which[count] = k;
    terms[count] = constants[k]!;
    if (k !== except) count++;
  }
  survivors.count = count;
}

/** Adds what depends on x to the survivors' terms, and drops those that fall below the floor. */
export function narrow(
  { choices, stepped }: Factors,
  continuous: readonly NumericKernels[],
  coordinates: Float64Array,
  survivors: Survivors,
  floor: number,
): void {
  let i = 0;
  for (; i + 3 < continuous.length && survivors.count > 0; i += 4) {
    narrowByFour(continuous, i, { coordinates, survivors, floor });
  }
  for (; i < continuous.length && survivors.count > 0; i++) {
    const c = continuous[i]!;
    narrowByDensity(c, onScale(c, coordinates[c.index]!), survivors, floor);
  }
  for (let i = 0; i < choices.length && survivors.count > 0; i++) {
    const c = choices[i]!;
    narrowByChoice(c, coordinates[c.index]!, survivors, floor);
  }
  for (let i = 0; i < stepped.length && survivors.count > 0; i++) {
    const c = stepped[i]!;
    const coordinate = coordinates[c.index]!;
    if (c.masses === undefined) narrowByCell(c, cellAround(c, coordinate), survivors, floor);
    else narrowByMass(c.masses, cellOf(c, coordinate), survivors, floor);
  }
}

/** Continuous factors in the order in which they are asked. */
interface Order {
  factors: NumericKernels[];
  /** By the parameter's index. */
  keys: Float64Array;
}

export function createOrder(continuous: readonly NumericKernels[]): Order {
  const last = continuous.reduce((max, { index }) => Math.max(max, index), 0);
  return { factors: [...continuous], keys: new Float64Array(last + 1) };
}

/** First those where the point is far from the middle observation: they drop most kernels. */
export function bySelectivity(
  { factors, keys }: Order,
  coordinates: Float64Array,
): readonly NumericKernels[] {
  for (const c of factors) {
    const middle = c.sorted.at[c.sorted.count >>> 1]!;
    const distance = Math.abs(onScale(c, coordinates[c.index]!) - c.mu[middle]!);
    keys[c.index] = distance * c.inverse[middle]!;
  }
  return factors.sort((a, b) => keys[b.index]! - keys[a.index]! || a.index - b.index);
}
