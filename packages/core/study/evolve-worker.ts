// Workers come and go; their slots' accounts are opened and closed.

import { assert } from '../errors/index.ts';
import type { StudyEvent } from './event.ts';
import { bookEnd, newSlotAccount, takeOver } from './ledger.ts';
import { workerRecord } from './records.ts';
import { soloHost } from './solo.ts';
import type { SlotRecord, StudyState, WorkerRecord } from './state.ts';

type Kind<K extends StudyEvent['kind']> = Extract<StudyEvent, { kind: K }>;

export function workerJoined(state: StudyState, event: Kind<'worker-joined'>): void {
  const { worker: id, host, pid, incarnation, shared, nowUs } = event;
  const quarantine = state.quarantine[id];
  const account: SlotRecord = newSlotAccount(nowUs);
  if (shared) account.elsewhere = shared;
  const worker: WorkerRecord = {
    id,
    host,
    pid,
    joinedAt: event.at,
    slots: new Array<SlotRecord>(event.slots).fill(account),
    done: 0,
    row: [],
  };
  if (incarnation !== undefined) worker.incarnation = incarnation;
  if (shared) worker.shared = shared;
  if (nowUs !== undefined) worker.joinedUs = nowUs;
  if (quarantine) worker.held = { as: 'quarantined', reason: quarantine };
  // Each slot becomes a record of its own.
  state.workers.set(id, workerRecord(worker));
  const present = state.workers.get(state.soloHost ?? '')?.slots.length ?? Infinity;
  if (state.soloHost === id) state.soloHost = soloHost(state);
  else if (quarantine === undefined && event.slots < present) state.soloHost = id;
}

export function workerLeft(state: StudyState, event: Kind<'worker-left'>): void {
  const worker = state.workers.get(event.worker);
  assert(worker !== undefined, () => `worker ${event.worker} left without having joined`);
  worker.slots.forEach((slot, index) => {
    const fromUs = event.fromUs?.[index] ?? undefined;
    if (fromUs !== undefined) takeOver(slot, fromUs);
    if (slot.elsewhere || event.elsewhere?.includes(index)) return;
    bookEnd(state.ledger.totals, slot, event.atUs, event.idle[index]);
  });
  state.workers.delete(event.worker);
  // The others have at least as many slots as the host had.
  if (state.soloHost === worker.id) state.soloHost = soloHost(state, worker.slots.length);
}

export function slotLeft(state: StudyState, event: Kind<'slot-left'>): void {
  const slot = state.workers.get(event.worker)?.slots[event.slot];
  assert(
    slot !== undefined,
    () => `a slot of worker ${event.worker}, which has not joined, was left`,
  );
  if (event.fromUs !== undefined) takeOver(slot, event.fromUs);
  if (slot.elsewhere) return;
  bookEnd(state.ledger.totals, slot, event.atUs, event.waits);
  slot.elsewhere = true;
}
