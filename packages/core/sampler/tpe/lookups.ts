// Factors of which many kernels have the same: those of choices, and of parameters with few steps. Of each such parameter
// the distinct factors have entries 0, 1, …, and a kernel has the entry of its own.

import { groupMass, tableOf } from './cell-masses.ts';
import { choiceTerms, type ChoiceKernels } from './choice-kernels.ts';
import type { Factors } from './factors.ts';
import { cellAround, type NumericKernels } from './numeric-kernels.ts';

export interface Lookup {
  /** Gives entries to the first so many of the kernels, and writes their places; how many are distinct. */
  assign(kernels: Uint32Array, count: number, to: EntryPlaces): number;
  /** ln of each entry's factor at a point, to every `stride`-th number from `at` on. */
  write(coordinates: Float64Array, to: Float32Array, at: number, stride: number): void;
}

/** Where the places of entries go: to every `stride`-th number from `at` on. The first entry is at `first`, and each has a `size`. */
interface EntryPlaces {
  readonly places: Int32Array;
  readonly at: number;
  readonly stride: number;
  readonly first: number;
  readonly size: number;
}

/** Undefined where parameters have too many steps for that. */
export function lookupsOf({ choices, stepped }: Factors): Lookup[] | undefined {
  if (stepped.some(({ group }) => group === undefined)) return undefined;
  return [...choices.map(choiceLookup), ...stepped.map(cellLookup)];
}

function choiceLookup(c: ChoiceKernels): Lookup {
  return lookup(
    () => c.observed,
    (coordinates, { ids, count }, to, at, stride) => {
      const { hit, miss } = choiceTerms(c);
      const choice = coordinates[c.index]!;
      for (let i = 0; i < count; i++, at += stride) to[at] = ids[i] === choice ? hit : miss;
    },
  );
}

function cellLookup(c: NumericKernels): Lookup {
  return lookup(
    () => c.group!,
    (coordinates, { ids, count }, to, at, stride) => {
      const cell = cellAround(c, coordinates[c.index]!);
      const table = tableOf(c.masses, cell[0]);
      for (let i = 0; i < count; i++, at += stride) {
        to[at] = groupMass(c.masses, table, ids[i]!, cell);
      }
    },
  );
}

/** The first `count` of `ids`. */
interface Distinct {
  ids: Uint32Array;
  count: number;
}

type Write = (
  coordinates: Float64Array,
  distinct: Distinct,
  to: Float32Array,
  at: number,
  stride: number,
) => void;

function lookup(idsOfKernels: () => Uint32Array, write: Write): Lookup {
  const distinct = { ids: new Uint32Array(16), count: 0 };
  /** By id; of an id that is not among the distinct ones it is anything. */
  let entries = new Uint32Array(16);
  return {
    assign(kernels, known, { places, at, stride, first, size }) {
      const column = idsOfKernels();
      if (distinct.ids.length < known) distinct.ids = new Uint32Array(2 * known);
      const { ids } = distinct;
      let count = 0;
      for (let i = 0, to = at; i < known; i++, to += stride) {
        const id = column[kernels[i]!]!;
        if (id >= entries.length) entries = grown(entries, id);
        let entry = entries[id]!;
        if (entry >= count || ids[entry] !== id) {
          entry = count++;
          ids[entry] = id;
          entries[id] = entry;
        }
        places[to] = first + size * entry;
      }
      distinct.count = count;
      return count;
    },
    write: (coordinates, to, at, stride) => write(coordinates, distinct, to, at, stride),
  };
}

function grown(entries: Uint32Array<ArrayBuffer>, id: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(2 * id + 16);
  copy.set(entries);
  return copy;
}
