// ln of the mass that normal kernels give to one cell of a parameter with steps. With few cells
// most kernels are equal to others, and so are most points that are asked for: each pair of a group
// of equal kernels and a cell is computed once.

import { logGaussMass } from '../../numerics/truncated-normal.ts';
import type { Survivors } from './kernels.ts';

export interface CellMasses {
  /** Group by centre and width. */
  readonly groups: Map<number, Map<number, number>>;
  /** By group. */
  readonly centres: number[];
  readonly sigmas: number[];
  /** By the left end of a cell: masses by group, NaN where not known yet. */
  readonly tables: Map<number, Float64Array>;
}

const mostTables = 128;

export function createCellMasses(): CellMasses {
  return { groups: new Map(), centres: [], sigmas: [], tables: new Map() };
}

/** The group of all kernels with this centre and width. */
export function groupOf({ groups, centres, sigmas }: CellMasses, centre: number, sigma: number) {
  let bySigma = groups.get(centre);
  if (bySigma === undefined) groups.set(centre, (bySigma = new Map<number, number>()));
  const known = bySigma.get(sigma);
  if (known !== undefined) return known;
  bySigma.set(sigma, centres.length);
  sigmas.push(sigma);
  return centres.push(centre) - 1;
}

/** All groups: those of kernels that are gone too, which only this removes. */
export function forgetMasses({ groups, centres, sigmas, tables }: CellMasses): void {
  groups.clear();
  tables.clear();
  centres.length = 0;
  sigmas.length = 0;
}

/** Adds ln of the mass of the cell to the terms of the survivors, and drops those below the floor. */
export function narrowByMass(
  masses: CellMasses,
  group: Uint32Array,
  cell: readonly [left: number, right: number],
  survivors: Survivors,
  floor: number,
): void {
  const table = tableOf(masses, cell[0]);
  const { which, terms, count } = survivors;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const k = which[i]!;
    const term = terms[i]! + groupMass(masses, table, group[k]!, cell);
    if (term < floor) continue;
    which[kept] = k;
    terms[kept++] = term;
  }
  survivors.count = kept;
}

/** ln of the mass of the cell with that table under the kernels of a group. */
export function groupMass(
  { centres, sigmas }: CellMasses,
  table: Float64Array,
  group: number,
  cell: readonly [left: number, right: number],
): number {
  const known = table[group]!;
  if (!Number.isNaN(known)) return known;
  const [left, right] = cell;
  const [centre, sigma] = [centres[group]!, sigmas[group]!];
  const mass = logGaussMass((left - centre) / sigma, (right - centre) / sigma);
  table[group] = mass;
  return mass;
}

/** Of the cell with that left end. */
export function tableOf({ tables, centres }: CellMasses, left: number): Float64Array {
  const known = tables.get(left);
  if (known !== undefined && known.length >= centres.length) return known;
  if (tables.size >= mostTables) tables.clear();
  const table = new Float64Array(2 * centres.length).fill(NaN);
  if (known !== undefined) table.set(known);
  tables.set(left, table);
  return table;
}
