import { mark } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import { assignmentOf, isUnheard, startNext } from './assign.ts';
import type { DispatcherState } from './dispatcher-state.ts';
import { recallOne } from './reserves.ts';
import { ROOM, byShare, nothing, workOf } from './work.ts';
import {
  holdSlot,
  type Occupant,
  type Poll,
  type SlotWait,
  type WorkerRecord,
} from './worker-table.ts';

/** The next trial for each of the worker's free slots; a slot without one carries the cause of its wait. */
export function fillSlots(
  state: DispatcherState,
  worker: WorkerRecord,
  { free, seq }: Pick<Poll, 'free' | 'seq'>,
): Assignment[] {
  let trials: Assignment[] = [];
  for (const index of free) {
    const slot = worker.slots[index];
    if (slot === undefined) continue;
    if (slot.occupant !== undefined) {
      if (!isUnheard(slot.occupant, seq)) continue;
      mark('assignment-again');
    }
    const occupant = slot.occupant ?? next(state, worker, index);
    if (occupant === undefined) continue;
    const assignment = assignmentOf(state, occupant, seq);
    // Mostly one, which needs no room for more.
    if (trials.length === 0) trials = [assignment];
    else trials.push(assignment);
  }
  return trials;
}

/** The causes of the worker's waits again, after they have changed. */
export function holdIdleSlots(state: DispatcherState, worker: WorkerRecord): void {
  for (const index of worker.poll?.free ?? []) {
    if (worker.slots[index]?.occupant !== undefined) continue;
    const works = byShare(state).map((study) => workOf(study, worker));
    const waits = works.flatMap((work) => ('wait' in work ? [work.wait] : []));
    hold(state, worker, index, waits);
  }
}

function next(state: DispatcherState, worker: WorkerRecord, index: number): Occupant | undefined {
  const leaving = leavingBecause(state, worker);
  if (leaving !== undefined) {
    hold(state, worker, index, [nothing('drained', 'leaving', leaving).wait]);
    return undefined;
  }
  const waits: SlotWait[] = [];
  for (const { study, work } of offersTo(state, worker)) {
    const taken =
      'wait' in work
        ? work
        : startNext(state, study, work, { worker, slot: index, reserve: false });
    if (!('wait' in taken)) return taken;
    waits.push(taken.wait);
  }
  hold(state, worker, index, waits);
  if (waits.some(({ category }) => category === 'tail')) recallOne(state, worker, index);
  return undefined;
}

function offersTo(state: DispatcherState, worker: WorkerRecord) {
  const offers = byShare(state).map((study) => ({ study, work: workOf(study, worker) }));
  if (offers.length < 2) return offers;
  const room = offers.find(({ work }) => 'wait' in work && work.wait.reason.code === ROOM);
  return room === undefined ? offers : [room];
}

/** Why the worker gets nothing at all. */
function leavingBecause(state: DispatcherState, worker: WorkerRecord): string | undefined {
  const reason = state.quit ?? state.draining ?? worker.leave?.reason;
  return reason ?? (worker.draining ? 'the worker is leaving' : undefined);
}

/** The slot waits for the study that may still have work, if there is one. */
function hold(
  { options }: DispatcherState,
  worker: WorkerRecord,
  index: number,
  waits: readonly SlotWait[],
): void {
  const cause = waits.find(({ category }) => category !== 'tail') ?? waits[0];
  holdSlot(worker.slots[index]!, cause, options.clock.monotonic());
}
