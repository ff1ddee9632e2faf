import type { Params } from '../space/study-spec.ts';

/**
 * What happened to a trial, as samplers see it. Losses are always minimised; ±Infinity is possible, and
 * what has a loss that is NaN counts as `failed`. Changes come in event order; a later change of the same trial replaces the earlier one.
 */
export type Outcome =
  | { state: 'pending' }
  | Completed
  /** Stopped early (or censored): its loss at `step`, the highest fidelity it reached. */
  | { state: 'stopped'; loss: number; step: number }
  | { state: 'failed' }
  | { state: 'infeasible' }
  /** Cancelled or discarded: forget it. */
  | { state: 'removed' };

/**
 * A full evaluation. `loss` is what samplers for one objective minimise; they may ignore the rest.
 */
export interface Completed {
  state: 'completed';
  loss: number;
  /** With several objectives all of them, in the study's order; `loss` is the first. */
  losses?: readonly number[];
  /**
   * How far the outcome constraints are from holding, summed over them; ≥ 0. Absent or 0: feasible.
   * A feasible trial is better than any other; of two that are not the one with less violation.
   */
  violation?: number;
}

export interface Change {
  trial: number;
  params: Params;
  outcome: Outcome;
  /** Who chose the params, a sampler's name or `user`; absent: the sampler that observes. */
  sampler?: string;
}

export interface Suggestion {
  params: Params;
  /** The sampler that made it: `auto` resolves per suggestion. */
  sampler: string;
  /** A machine-readable reason and a sentence for people. */
  reason: { code: string; text: string };
}

/** Nothing is left to propose (a grid or a finite space is used up). */
export interface Exhausted {
  exhausted: true;
  reason: { code: string; text: string };
}

/** How much work a suggestion is worth: `reduced` when they are asked for faster than they can be made. */
export type Effort = 'full' | 'reduced';

/**
 * history → suggestion. Pure apart from its own history: no clock, no I/O; randomness comes from a counter-based
 * stream keyed by (study seed, trial number, purpose), so that suggestion k depends on the history alone.
 */
export interface Sampler {
  readonly name: string;
  observe(change: Change): void;
  /** A suggestion for trial number `trial`, inside the space, with every constraint satisfied. Does not change the history. */
  suggest(trial: number, effort?: Effort): Suggestion | Exhausted;
}
