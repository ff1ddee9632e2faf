// ln of the mass that normal kernels give to the cells of a parameter with not too many of them. Most kernels are equal to others
// then, and so are most points that are asked for: each pair of a group of equal kernels and a cell is computed once, for the cells
// that are asked for.

import { logGaussMass } from '../../numerics/truncated-normal.ts';
import { larger } from './column.ts';
import type { Survivors } from './kernels.ts';

export interface CellMasses {
  /** Ends of each cell on the scale. */
  readonly lefts: Float64Array;
  readonly rights: Float64Array;
  /** The group of each kernel. */
  groupOf: Uint32Array<ArrayBuffer>;
  /** Group by centre and width. */
  readonly groups: Map<number, Map<number, number>>;
  /** By group. */
  readonly centres: number[];
  readonly sigmas: number[];
  /** By cell, where it was asked for. */
  readonly columns: (Column | undefined)[];
}

/** Of one cell, by group. */
interface Column {
  /** Of how many groups, the first ones, the mass is known. */
  known: number;
  masses: Float64Array<ArrayBuffer>;
  /** The same in 32 bits. */
  singles: Float32Array<ArrayBuffer>;
}

export function createCellMasses(lefts: Float64Array, rights: Float64Array): CellMasses {
  return {
    lefts,
    rights,
    groupOf: new Uint32Array(0),
    groups: new Map(),
    centres: [],
    sigmas: [],
    columns: [],
  };
}

/** Puts the kernel into the group of all with this centre and width. */
export function putInGroup(masses: CellMasses, k: number, centre: number, sigma: number): void {
  const { groups, groupOf, centres, sigmas } = masses;
  let bySigma = groups.get(centre);
  if (bySigma === undefined) groups.set(centre, (bySigma = new Map<number, number>()));
  let group = bySigma.get(sigma);
  if (group === undefined) {
    group = centres.length;
    bySigma.set(sigma, group);
    centres.push(centre);
    sigmas.push(sigma);
  }
  groupOf[k] = group;
}

/** All groups: those of kernels that are gone too, which only this removes. */
export function forgetMasses({ groups, centres, sigmas, columns }: CellMasses): void {
  groups.clear();
  columns.length = 0;
  centres.length = 0;
  sigmas.length = 0;
}

/** The masses of the cell, of all groups. */
export function columnOf(masses: CellMasses, cell: number): Column {
  const { lefts, rights, centres, sigmas } = masses;
  const count = centres.length;
  const column = (masses.columns[cell] ??= {
    known: 0,
    masses: new Float64Array(0),
    singles: new Float32Array(0),
  });
  while (column.masses.length < count) {
    column.masses = larger(column.masses);
    column.singles = larger(column.singles);
  }
  for (let group = column.known; group < count; group++) {
    const [centre, sigma] = [centres[group]!, sigmas[group]!];
    const mass = logGaussMass((lefts[cell]! - centre) / sigma, (rights[cell]! - centre) / sigma);
    column.masses[group] = mass;
    column.singles[group] = mass;
  }
  column.known = count;
  return column;
}

/** Adds ln of the mass of the cell to the terms of the survivors, and drops those below the floor. */
export function narrowByMass(
  cells: CellMasses,
  cell: number,
  survivors: Survivors,
  floor: number,
): void {
  const { masses } = columnOf(cells, cell);
  const { groupOf } = cells;
  const { which, terms, count } = survivors;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const k = which[i]!;
    const term = terms[i]! + masses[groupOf[k]!]!;
    if (term < floor) continue;
    which[kept] = k;
    terms[kept++] = term;
  }
  survivors.count = kept;
}
