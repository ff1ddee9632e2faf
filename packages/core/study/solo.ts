// A trial that ran out of memory beside others goes once more to a worker for itself (DESIGN
// §15.11), and so does one that was lost again and again: was it its own doing? Any worker without other trials may take it. One worker, the solo host, starts nothing
// else while such a trial waits, so that it does not wait for ever on busy machines; all others go
// on.

import type { Reason } from '../scheduler/scheduler.ts';
import { firstIn } from './lanes.ts';
import type { StudyState, WorkerRecord } from './state.ts';

/** The worker with the fewest slots to clear, the first that joined among equals; nobody has fewer than `least`. */
export function soloHost({ workers }: StudyState, least = 1): string | undefined {
  let host: WorkerRecord | undefined;
  for (const worker of workers.values()) {
    if (worker.held !== undefined) continue;
    if (worker.slots.length <= least) return worker.id;
    if (host === undefined || worker.slots.length < host.slots.length) host = worker;
  }
  return host?.id;
}

/** The trial that a worker (any, without one) may take for itself now. */
export function soloWork(state: StudyState, worker: WorkerRecord | undefined): number | undefined {
  const trial = firstIn(state, 'solo');
  return worker === undefined || isIdle(worker) ? trial : undefined;
}

/** Why the worker's free slots stay empty for the sake of a trial that needs it alone. */
export function soloWait(state: StudyState, worker: WorkerRecord): Reason | undefined {
  for (const { trial } of worker.slots) {
    if (trial === undefined || state.trials[trial]!.solo === undefined) continue;
    const text = `trial ${trial} ${did(state, trial)} beside others and has this worker for itself`;
    return { code: 'solo.running', text };
  }
  const trial = firstIn(state, 'solo');
  const host = state.soloHost === worker.id && !isIdle(worker);
  if (trial === undefined || !host) return undefined;
  const text = `trial ${trial} ${did(state, trial)} beside others: this worker makes room for it`;
  return { code: 'solo.room', text };
}

function did({ trials }: StudyState, number: number): string {
  const memory = trials[number]!.attempts.some(({ end }) => end === 'out-of-memory');
  return memory ? 'ran out of memory' : 'was lost again and again';
}

function isIdle({ slots }: WorkerRecord): boolean {
  return slots.every(({ trial }) => trial === undefined);
}
