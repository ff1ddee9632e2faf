// Programs of which nothing is known but how long they take.
//
// symbol  meaning
// r       fidelity as a share of the full one, in (0, 1]
// q       how good the trial's params are: its loss at r = 1 is normal, mean 0, standard deviation 1
// v       how slowly it learns: lognormal, median 1, log-sd 0.3
// loss    q + 2 v (r^-1/2 - 1) + 0.2 e: a power law as learning curves follow (Domhan, Springenberg & Hutter 2015,
//         sec. 3.1), with noise e, standard normal, drawn anew for each report
//
// A trial that leads early is likely, not sure, to lead late: the correlation with q is 0.5 at r = 1/27 and 0.9 at
// r = 1/3. How many trials a rung lets go on, which is what a prediction needs, depends on the ranks alone.

import { formatDuration, randomStream, type RandomStream, type StudySpec } from '@fleetune/core';
import type { AttemptPlan, Workload } from './workload.ts';

/** Of the whole evaluation: lognormal. */
export interface Durations {
  medianMs: number;
  /** Standard deviation of the logarithm. */
  sigma: number;
}

/** As measured with the local engine: from the start of the process to the first trial, and between two trials. */
export const ASSUMED_START_UP_MS = 500;
export const ASSUMED_GAP_MS = 2;

/** Reports of a trial: more would only cost time. */
const REPORTS_MAX = 100;

export function assumedWorkload(
  { fidelity, objective }: StudySpec,
  { medianMs, sigma }: Durations,
  seed: number,
): Workload {
  const max = fidelity?.max ?? 1;
  const sign = objective.direction === 'maximize' ? -1 : 1;
  const assumed = { medianMs, sigma, max, sign } as const;
  return {
    source: `a median of ${formatDuration(medianMs)} for a whole trial, sigma ${sigma}`,
    stride: max <= REPORTS_MAX ? Math.min(1, max) : max / REPORTS_MAX,
    startUpMs: () => ASSUMED_START_UP_MS,
    gapMs: () => ASSUMED_GAP_MS,
    stopMs: () => 0,
    plan: (trial) => new AssumedPlan(assumed, seed, trial),
  };
}

interface Assumed extends Durations {
  max: number;
  /** −1 where the user's own direction is upwards. */
  sign: 1 | -1;
}

/** A class: there is one for every trial, and functions of its own would be most of what that takes. */
class AssumedPlan implements AttemptPlan {
  readonly beginMs = 0;
  readonly unitMs: number;
  readonly reaches = 1;
  readonly end = 'completed';
  readonly #assumed: Assumed;
  readonly #random: RandomStream;
  readonly #quality: number;
  readonly #slowness: number;

  constructor(assumed: Assumed, seed: number, trial: number) {
    const { medianMs, sigma, max } = assumed;
    this.#assumed = assumed;
    this.#random = randomStream(seed, trial, 'program');
    this.unitMs = (medianMs * Math.exp(sigma * this.#random.normal())) / max;
    this.#quality = this.#random.normal();
    this.#slowness = Math.exp(0.3 * this.#random.normal());
  }

  valueAt(fidelity: number): number {
    const { max, sign } = this.#assumed;
    const trend = this.#quality + 2 * this.#slowness * ((fidelity / max) ** -0.5 - 1);
    return sign * (trend + 0.2 * this.#random.normal());
  }
}
