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

import { formatDuration, randomStream, type StudySpec } from '@fleetune/core';
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
  return {
    source: `a median of ${formatDuration(medianMs)} for a whole trial, sigma ${sigma}`,
    stride: max <= REPORTS_MAX ? Math.min(1, max) : max / REPORTS_MAX,
    startUpMs: () => ASSUMED_START_UP_MS,
    gapMs: () => ASSUMED_GAP_MS,
    stopMs: () => 0,
    plan(trial): AttemptPlan {
      const random = randomStream(seed, trial, 'program');
      const totalMs = medianMs * Math.exp(sigma * random.normal());
      const quality = random.normal();
      const slowness = Math.exp(0.3 * random.normal());
      return {
        beginMs: 0,
        unitMs: totalMs / max,
        reaches: 1,
        end: 'completed',
        valueAt(at) {
          const trend = quality + 2 * slowness * ((at / max) ** -0.5 - 1);
          return sign * (trend + 0.2 * random.normal());
        },
      };
    },
  };
}
