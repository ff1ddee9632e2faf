import { assert } from '../errors/index.ts';
import type { Fidelity, SchedulerSpec } from '../space/study-spec.ts';
import { asha } from './asha/asha.ts';
import { fifo } from './fifo/fifo.ts';
import { median } from './median/median.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * The scheduler that the study file names; all but fifo compare trials along the study's fidelity,
 * so they need one.
 */
export function createScheduler(spec: SchedulerSpec, fidelity?: Fidelity): Scheduler {
  if (spec.type === 'fifo') return fifo();
  assert(fidelity !== undefined, `${spec.type} without a fidelity passed the check of the file`);
  return spec.type === 'asha' ? asha(spec.eta, fidelity) : median(spec, fidelity);
}
