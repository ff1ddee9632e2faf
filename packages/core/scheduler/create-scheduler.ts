import { assert } from '../errors/index.ts';
import type { Fidelity, SchedulerSpec } from '../space/study-spec.ts';
import { asha } from './asha/asha.ts';
import { fifo } from './fifo/fifo.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * The scheduler that the study file names; asha compares trials along the study's fidelity, so it
 * needs one.
 */
export function createScheduler(spec: SchedulerSpec, fidelity?: Fidelity): Scheduler {
  switch (spec.type) {
    case 'fifo':
      return fifo();
    case 'asha':
      assert(fidelity !== undefined, 'asha without a fidelity passed the check of the study file');
      return asha(spec.eta, fidelity);
  }
}
