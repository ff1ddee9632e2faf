// ln of the mass that normal kernels give to the cells of a parameter with few of them. Most kernels are equal to others then, and so
// are most points that are asked for: each pair of a group of equal kernels and a cell is computed once.

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
  /** Of how many groups, the first ones, the mass of each cell is known. */
  readonly known: Uint32Array;
  /** Of group g and cell i at g · cells + i. */
  table: Float64Array<ArrayBuffer>;
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
    known: new Uint32Array(lefts.length),
    table: new Float64Array(0),
    singles: new Float32Array(0),
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
export function forgetMasses({ groups, centres, sigmas, known }: CellMasses): void {
  groups.clear();
  known.fill(0);
  centres.length = 0;
  sigmas.length = 0;
}

/** After that the masses of the cell are known for all groups. */
export function knowCell(masses: CellMasses, cell: number): void {
  const { lefts, rights, centres, sigmas, known } = masses;
  const cells = lefts.length;
  const count = centres.length;
  if (known[cell] === count) return;
  while (masses.table.length < count * cells) {
    masses.table = larger(masses.table);
    masses.singles = larger(masses.singles);
  }
  for (let group = known[cell]!; group < count; group++) {
    const [centre, sigma] = [centres[group]!, sigmas[group]!];
    const mass = logGaussMass((lefts[cell]! - centre) / sigma, (rights[cell]! - centre) / sigma);
    masses.table[group * cells + cell] = mass;
    masses.singles[group * cells + cell] = mass;
  }
  known[cell] = count;
}

/** Adds ln of the mass of the cell to the terms of the survivors, and drops those below the floor. */
export function narrowByMass(
  masses: CellMasses,
  cell: number,
  survivors: Survivors,
  floor: number,
): void {
  knowCell(masses, cell);
  const { groupOf, table, lefts } = masses;
  const cells = lefts.length;
  const { which, terms, count } = survivors;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const k = which[i]!;
    const term = terms[i]! + table[groupOf[k]! * cells + cell]!;
    if (term < floor) continue;
    which[kept] = k;
    terms[kept++] = term;
  }
  survivors.count = kept;
}
