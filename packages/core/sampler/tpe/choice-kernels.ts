// Kernels of a parameter without an order (Optuna 5.0.0, `_calculate_categorical_distributions`).
//
//   symbol   meaning
//   n        observations, each the kernel of its slot (slots.ts), and the prior
//   m        choices
//   p_k(c) = (1/(n + 1) + [c is observation k]) / (m/(n + 1) + 1)
//   prior(c) = 1/m, or the weights of the user's prior

import { cumulative, weightedIndex } from '../../numerics/weighted-index.ts';
import { larger } from './column.ts';
import { priorKernel, type Place, type Survivors } from './kernels.ts';

export interface ChoiceKernels extends Place {
  readonly choices: number;
  /** n. */
  count: number;
  /** ln p_k of the choice that was observed and of another one, with so many observations. */
  terms: { readonly of: number; readonly hit: number; readonly miss: number };
  observed: Uint32Array<ArrayBuffer>;
  readonly logPrior: Float64Array;
  /** Running sums of the prior. */
  readonly priorSums: Float64Array;
}

/** Without observations. */
export function choiceKernels(
  place: Place,
  choices: number,
  weights: readonly number[] = new Array<number>(choices).fill(1),
): ChoiceKernels {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    ...place,
    choices,
    count: 0,
    terms: termsOf(choices, 0),
    observed: new Uint32Array(0),
    logPrior: Float64Array.from(weights, (weight) => Math.log(weight / total)),
    priorSums: cumulative(weights),
  };
}

export function insertChoice(c: ChoiceKernels, slot: number, choice: number): void {
  while (slot >= c.observed.length) c.observed = larger(c.observed);
  c.observed[slot] = choice;
  c.count++;
}

export function removeChoice(c: ChoiceKernels): void {
  c.count--;
}

/** ln p_k of the choice that was observed, and of another one. */
export function choiceTerms(c: ChoiceKernels): ChoiceKernels['terms'] {
  if (c.terms.of !== c.count) c.terms = termsOf(c.choices, c.count);
  return c.terms;
}

function termsOf(choices: number, n: number): ChoiceKernels['terms'] {
  const spread = 1 / (n + 1);
  const total = choices * spread + 1;
  return { of: n, hit: Math.log((spread + 1) / total), miss: Math.log(spread / total) };
}

/** Adds ln p_k(choice) to the terms of the survivors, and drops those below the floor. */
export function narrowByChoice(
  c: ChoiceKernels,
  choice: number,
  survivors: Survivors,
  floor: number,
): void {
  const { which, terms, count } = survivors;
  const { observed } = c;
  const { hit, miss } = choiceTerms(c);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const k = which[i]!;
    const term = terms[i]! + (observed[k] === choice ? hit : miss);
    if (term < floor) continue;
    which[kept] = k;
    terms[kept++] = term;
  }
  survivors.count = kept;
}

/** A choice from kernel k, by one quantile in [0, 1). */
export function drawChoice(c: ChoiceKernels, k: number, quantile: number): number {
  if (k === priorKernel) return weightedIndex(c.priorSums, quantile);
  // The first 1/total goes to the observed choice, the rest to all choices evenly.
  const spread = 1 / (c.count + 1);
  const rest = quantile * (c.choices * spread + 1) - 1;
  return rest < 0 ? c.observed[k]! : Math.min(c.choices - 1, Math.floor(rest / spread));
}
