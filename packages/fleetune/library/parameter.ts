// Builders of search spaces whose params are typed: `{ lr: float(1e-5, 1e-1, { log: true }) }` gives `{ lr: number }`.

import type { ParamValue, When } from '@fleetune/core';

declare const valueType: unique symbol;

/** One parameter, as the study file writes it; `V` is its type in params, with `undefined` when a condition may switch it off. */
export interface Tunable<V> {
  readonly file: Readonly<Record<string, unknown>>;
  readonly [valueType]?: V;
}

export type Space = Readonly<Record<string, Tunable<unknown>>>;

export type ParamsOf<S extends Space> = Simplify<
  { [K in keyof S as undefined extends ValueOf<S[K]> ? never : K]: ValueOf<S[K]> } & {
    [K in keyof S as undefined extends ValueOf<S[K]> ? K : never]?: ValueOf<S[K]>;
  }
>;

type ValueOf<T> = T extends Tunable<infer V> ? V : never;
type Simplify<T> = { [K in keyof T]: T[K] };

interface Conditional {
  /** Active only then: `{ solver: 'sgd' }`, `{ layers: { min: 2 } }`; several keys are AND. */
  when?: When;
}

interface NumberOptions extends Conditional {
  log?: boolean;
  step?: number;
  default?: number;
  prior?: { mean: number; sd: number };
}

interface ChoiceOptions<C> extends Conditional {
  default?: C;
  prior?: { weights: readonly number[] };
}

/** The value's type: with a condition it may be absent. */
type Given<V, O> = O extends { when: When } ? V | undefined : V;

/** A real number in [low, high]. */
export function float<const O extends NumberOptions = object>(
  low: number,
  high: number,
  options?: O,
): Tunable<Given<number, O>> {
  return { file: { type: 'float', low, high, ...options } };
}

/** A whole number in [low, high]. */
export function int<const O extends NumberOptions = object>(
  low: number,
  high: number,
  options?: O,
): Tunable<Given<number, O>> {
  return { file: { type: 'int', low, high, ...options } };
}

/** One of some values without an order. */
export function choice<const C extends ParamValue, const O extends ChoiceOptions<C> = object>(
  choices: readonly C[],
  options?: O,
): Tunable<Given<C, O>> {
  return { file: { type: 'categorical', choices, ...options } };
}

/** One of some values in their order. */
export function ordinal<const C extends ParamValue, const O extends ChoiceOptions<C> = object>(
  choices: readonly C[],
  options?: O,
): Tunable<Given<C, O>> {
  return { file: { type: 'ordinal', choices, ...options } };
}

export function boolean<const O extends ChoiceOptions<boolean> = object>(
  options?: O,
): Tunable<Given<boolean, O>> {
  return { file: { type: 'boolean', ...options } };
}

/** A value that is passed along and never changed. */
export function constant<const V extends ParamValue, const O extends Conditional = object>(
  value: V,
  options?: O,
): Tunable<Given<V, O>> {
  return { file: { type: 'constant', value, ...options } };
}
