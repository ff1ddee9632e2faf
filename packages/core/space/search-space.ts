import type { Parameter, ParamValue, Params } from './study-spec.ts';

/**
 * The search space as samplers use it. Made by `searchSpace(parameters, constraints)`.
 *
 * Two encodings of one trial, both Float64Array of length `dimensions`, in the order of `parameters`:
 * - coordinates: the numeric value of a float or int, the index of a choice (boolean: 0, 1; constant: 0);
 *   NaN where the parameter is inactive. Samplers keep their history in coordinates.
 * - unit: [0, 1] per dimension (log scales on ln; int and stepped floats use cells of equal width, rounded
 *   to the nearest cell; a choice k of K owns [k/K, (k+1)/K)); every dimension has a value, inactive ones are ignored.
 */
export interface SearchSpace {
  /** In topological order of the conditions (a parent before its children), otherwise as in the file. */
  readonly parameters: readonly Parameter[];
  readonly dimensions: number;
  readonly constraints: readonly string[];
  /** True when some parameter has a `when`. */
  readonly conditional: boolean;
  /** Number of distinct params (conditions respected, constraints not); Infinity with a continuous float. */
  readonly size: number;

  index(name: string): number;
  /** Is parameter i active, given the coordinates of those before it? */
  active(i: number, coordinates: Float64Array): boolean;
  /** Unit cube → coordinates: values rounded to lawful ones, inactive dimensions NaN. */
  fromUnit(unit: Float64Array): Float64Array;
  /** Coordinates → unit cube (cell centres for discrete ones; inactive dimensions 0.5). */
  toUnit(coordinates: Float64Array): Float64Array;
  toParams(coordinates: Float64Array): Params;
  /** Throws `params.*` errors when `params` do not belong to the space (unknown, missing, inactive, out of range). */
  fromParams(params: Readonly<Record<string, unknown>>): Float64Array;
  /** The constraints alone; one that names an inactive parameter holds. */
  satisfies(coordinates: Float64Array): boolean;
  /** The defaults of the file, with the middle of the (transformed) range where none is given. */
  defaults(): Params;
  /** The same text for equal params whatever their key order: for dedupe. */
  key(params: Params): string;
}

export type { ParamValue };
