// A reserve is an attempt that waits, unbegun and returnable, behind the one that its slot runs: the worker begins it
// without asking. There is at most one a slot, and none where a free slot could need it: it would wait there in vain.

import { mustReturn, type StudyEvent } from '@fleetune/core';
import { mark, trouble } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import { assignmentOf, isUnheard, startNext } from './assign.ts';
import { stopAsking, type ActiveStudy, type DispatcherState } from './dispatcher-state.ts';
import { byShare, workOf } from './work.ts';
import type { Occupant, WorkerRecord } from './worker-table.ts';

/** Handing out many at once would keep the others in this answer waiting; the next one has more. */
const MOST_AT_ONCE = 8;

/** A trial to wait behind each of the busy slots that the worker offers, as far as they go. */
export function fillReserves(
  state: DispatcherState,
  worker: WorkerRecord,
  offered: readonly number[],
  seq: number,
): Assignment[] {
  const trials: Assignment[] = [];
  for (const index of offered) {
    if (trials.length === MOST_AT_ONCE) break;
    const slot = worker.slots[index];
    if (slot?.occupant === undefined) continue;
    const reserve = slot.reserve ?? nextReserve(state, worker, index, slot.occupant.study);
    if (reserve === undefined || !isUnheard(reserve, seq)) continue;
    trials.push(assignmentOf(state, reserve, seq));
    if (!trouble('reserve-recalled')) continue;
    reserve.recalled = 'it may always be';
    state.news.add(worker);
  }
  return trials;
}

/** Nothing of the study waits behind other trials any more. */
export function recallAll(state: DispatcherState, study: ActiveStudy, reason: string): Occupant[] {
  const recalled = [...study.reserves].filter((reserve) => reserve.recalled === undefined);
  for (const reserve of recalled) reserve.recalled = reason;
  recalled.forEach(({ worker }) => state.news.add(worker));
  return recalled;
}

/** What may not begin any more on one worker: it is held back, or makes room for a trial that needs it alone. */
export function recallAfter(
  state: DispatcherState,
  { host, reserves }: ActiveStudy,
  event: StudyEvent,
): void {
  const held = event.kind === 'worker-drained' || event.kind === 'worker-quarantined';
  const room = event.kind === 'trial-requeued' && event.solo;
  const on = held ? event.worker : room ? host.state.soloHost : undefined;
  if (on === undefined) return;
  for (const reserve of reserves) {
    const { trial, worker, recalled } = reserve;
    if (worker.id !== on || recalled !== undefined) continue;
    const reason = mustReturn(host.state, { trial, worker: on }, host.state.lastAt);
    if (reason === undefined) continue;
    reserve.recalled = reason.text;
    state.news.add(worker);
  }
}

/** The slot idles: one trial that waits behind another may have it instead. */
export function recallOne(state: DispatcherState, worker: WorkerRecord, index: number): void {
  const slot = worker.slots[index]!;
  if (slot.asked !== undefined) return;
  for (const study of state.studies) {
    for (const reserve of study.reserves) {
      if (reserve.recalled !== undefined) continue;
      mark('reserve-for-idle-slot');
      reserve.recalled = 'another slot is free';
      slot.asked = reserve;
      state.asking.set(slot, { worker, index });
      state.news.add(reserve.worker);
      return;
    }
  }
}

/** The reserve of some idle slots has begun where it waited, or went to others: they ask for another one. */
export function askAgain(state: DispatcherState): void {
  for (const [slot, { worker, index }] of state.asking) {
    if (slot.asked?.study.reserves.has(slot.asked)) continue;
    stopAsking(state, slot);
    recallOne(state, worker, index);
  }
}

function nextReserve(
  state: DispatcherState,
  worker: WorkerRecord,
  slot: number,
  study: ActiveStudy,
): Occupant | undefined {
  const leaving = state.quit ?? state.draining ?? worker.leave;
  if (leaving !== undefined || worker.draining || !mayReserve(state, study)) return undefined;
  if (isAwaited(state, study)) return undefined;
  const work = workOf(study, worker, true);
  if ('wait' in work) return undefined;
  const taken = startNext(state, study, work, { worker, slot, reserve: true });
  return 'wait' in taken ? undefined : taken;
}

/** An idle slot gets it as soon as what led to it is on disk: behind another trial it would wait in vain. */
function isAwaited({ idle }: DispatcherState, study: ActiveStudy): boolean {
  if (idle.size === 0 || 'wait' in workOf(study)) return false;
  for (const worker of idle) {
    const stays = worker.leave === undefined && !worker.draining;
    if (stays && !('wait' in workOf(study, worker))) return true;
  }
  return false;
}

/** All that is to come waits behind other trials; a worker whose slot gets free gives one of those back with the news. */
export function isScarce({ studies, asking }: DispatcherState): boolean {
  return studies.some((study) => study.reserves.size > 0 && toCome(study) <= asking.size);
}

function mayReserve(state: DispatcherState, study: ActiveStudy): boolean {
  const { spec, start, run } = study.host.state;
  // Until it has reported once, the program may be broken, and the study about to be stopped for it.
  if (!start.reported && !run?.keepGoing) return false;
  // What was given back for idle slots is theirs.
  return !spec!.reproducible && toCome(study) > state.asking.size && isNext(state, study);
}

/** By fair share, a slot of the study would be its own again, should its trial end now. */
function isNext(state: DispatcherState, study: ActiveStudy): boolean {
  const order = byShare(state, study);
  const before = order.slice(0, order.indexOf(study));
  return before.every((other) => 'wait' in workOf(other));
}

/** Trials that no slot has yet. */
function toCome({ host, reserves }: ActiveStudy): number {
  const { spec, trials, counts } = host.state;
  const used = trials.length - counts.cancelled;
  return (spec!.budget.trials ?? Infinity) - used + counts.queued - reserves.size;
}
