// Workers come and go; the coordinator's monotonic clock decides who is gone.

import { fail, type FleetuneError } from '@fleetune/core';
import { mark } from '@fleetune/platform';
import type { RegisterRequest } from '@fleetune/protocol';
import { commitAll, stopAsking, type DispatcherState } from './dispatcher-state.ts';
import { answerPoll } from './polls.ts';
import { join, part } from './slot-time.ts';
import { newWorker, type WorkerRecord } from './worker-table.ts';

/** So many incarnations that are over are remembered: late messages are not later than that. */
const GONE_MAX = 10_000;

/** Of all workers together: far beyond any cluster, and what they take of our memory stays small. */
const SLOTS_MAX = 100_000;

/**
 * A timer that is so late was held up together with us (a stopped process, a suspended machine, a function trial that
 * computes): what the worker said meanwhile has not been read yet.
 */
const STALLED_MS = 1_000;

export async function register(state: DispatcherState, request: RegisterRequest): Promise<void> {
  const { workers, studies, gone } = state;
  if (gone.has(request.incarnation)) {
    mark('registration-late');
    throw superseded(request.worker);
  }
  const known = workers.get(request.worker);
  if (known?.incarnation === request.incarnation) return;
  checkRoom(state, request, known?.slots.length ?? 0);
  const worker = newWorker(request, state.options.clock.monotonic());
  if (known !== undefined) {
    mark('registration-replaces');
    remove(state, known, 'lost');
  }
  admit(state, worker);
  for (const study of studies) if (!study.asked) join(study, worker, worker.joinedUs);
  await commitAll(state);
}

function checkRoom({ slotsGiven }: DispatcherState, { slots }: RegisterRequest, own: number): void {
  const used = slotsGiven - own;
  if (used + slots > SLOTS_MAX) {
    throw fail('coordinator.crowded', 'slots', { slots, used, most: SLOTS_MAX });
  }
}

/** From now on its lease runs. */
export function admit(state: DispatcherState, worker: WorkerRecord): void {
  state.workers.set(worker.id, worker);
  state.slotsGiven += worker.slots.length;
  renewLease(state, worker);
  watchLease(state, worker);
}

/** The timer stays as it is: when it fires, it looks how long the lease really goes. */
export function renewLease({ options }: DispatcherState, worker: WorkerRecord): void {
  worker.leaseDueMs = options.clock.monotonic() + options.leaseTtlMs;
}

function watchLease(state: DispatcherState, worker: WorkerRecord): void {
  const { clock, leaseTtlMs } = state.options;
  if (leaseTtlMs === Infinity) return;
  const look = (): void => {
    const overMs = clock.monotonic() - worker.leaseDueMs;
    if (overMs >= 0 && overMs < STALLED_MS) {
      mark('lease-expired');
      return lose(state, worker);
    }
    if (overMs >= STALLED_MS) {
      mark('lease-stalled');
      renewLease(state, worker);
    }
    watchLease(state, worker);
  };
  const leftMs = worker.leaseDueMs - clock.monotonic();
  worker.cancelLease = clock.after(leftMs, look, { unref: true });
}

export function lose(state: DispatcherState, worker: WorkerRecord): void {
  if (state.closed || state.workers.get(worker.id) !== worker) return;
  remove(state, worker, 'lost');
  // A failed commit is told to whoever runs the study.
  commitAll(state).catch(() => undefined);
}

export function remove(state: DispatcherState, worker: WorkerRecord, how: 'left' | 'lost'): void {
  worker.cancelLease();
  if (state.workers.delete(worker.id)) state.slotsGiven -= worker.slots.length;
  state.news.delete(worker);
  forget(state, worker.incarnation);
  answerPoll(state, worker);
  for (const slot of worker.slots) stopAsking(state, slot);
  for (const occupant of worker.attempts) occupant.study.reserves.delete(occupant);
  for (const { host } of state.studies) part(state, host, worker, how);
  if (state.workers.size > 0) return;
  state.onEmpty.forEach((resolve) => resolve());
  state.onEmpty = [];
}

export function forget({ gone }: DispatcherState, incarnation: string): void {
  gone.add(incarnation);
  const [oldest] = gone;
  if (gone.size > GONE_MAX && oldest !== undefined) gone.delete(oldest);
}

export function unknown(worker: string): FleetuneError {
  return fail('worker.unknown', 'worker', { worker });
}

export function superseded(worker: string): FleetuneError {
  return fail('worker.superseded', 'worker', { worker });
}
