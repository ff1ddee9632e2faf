import type { StudyWorker } from '@fleetune/core';
import type { WorkerView } from './dispatcher/worker-view.ts';

/** The workers as a study sees them: what runs of its own, and what its idle slots wait for. */
export function studyWorkers(views: readonly WorkerView[], study: string): StudyWorker[] {
  return views.map(({ worker, host, state, reason, slots }) => {
    const busy = slots.filter(({ trial }) => trial !== undefined);
    const running = busy.filter((slot) => slot.study === study).length;
    return {
      worker,
      host,
      state,
      ...(reason !== undefined && { reason }),
      slots: slots.length,
      running,
      elsewhere: busy.length - running,
      idle: slots.flatMap(({ waiting }) => waiting ?? []),
    };
  });
}
