// Whose time a slot's time is (DESIGN §11). Every microsecond belongs to one study, or to none while no study is
// active: from the exit of another study's attempt, or from when the slot was nobody's, until another study takes it.
// The holder of an idle slot is the study that has it so far; whoever takes it has its idle time, too.

import type { LiveWorker, StudyCommand, Waits } from '@fleetune/core';
import type { StudyHost } from '../study-host.ts';
import type { ActiveStudy, DispatcherState } from './dispatcher-state.ts';
import { clockOf } from './worker-clock.ts';
import { NO_WAITS, takeWaits, type Slot, type WorkerRecord } from './worker-table.ts';

type WorkerLeft = Extract<StudyCommand, { kind: 'worker-left' }>;

/** The study hears of the worker, and gets the slots that are nobody's. */
export function join({ host, shared }: ActiveStudy, worker: WorkerRecord, atUs: number): void {
  const { id, incarnation, host: machine, pid, slots, paused } = worker;
  host.apply({
    kind: 'worker-joined',
    worker: id,
    host: machine,
    pid,
    slots: slots.length,
    ...(shared && { incarnation, shared }),
    ...(atUs > 0 && { nowUs: atUs }),
  });
  if (paused !== undefined) {
    host.apply({ kind: 'drain-worker', worker: id, reason: { code: 'user', text: paused } });
  }
  for (const slot of slots) if (slot.holder === undefined) hold(slot, host, atUs, !shared);
}

/** The worker is not the study's any more; the slots that the study held are the next one's. */
export function part(
  state: DispatcherState,
  host: StudyHost,
  worker: WorkerRecord,
  how: 'left' | 'lost',
): void {
  host.apply({ ...lastWords(state, host, worker), kind: 'worker-left', worker: worker.id, how });
  const next = state.studies.find((study) => study.host !== host && !study.asked)?.host;
  for (const slot of worker.slots) {
    if (slot.holder !== host) continue;
    slot.holder = undefined;
    slot.holderUs = Math.max(slot.holderUs, worker.nowUs);
    if (next !== undefined) hold(slot, next, slot.holderUs, false);
  }
}

/** Since when the slot is the study's own, should it take it now; undefined where its log knows. */
export function ownSinceUs(host: StudyHost, worker: WorkerRecord, slot: Slot): number | undefined {
  if (slot.holder === host && slot.told) return undefined;
  return Math.max(slot.holderUs, joinedUs(host, worker));
}

/**
 * The study has the slot's time from now on, and its idle time since the last exit, or since the study began: what was
 * idle before that is the former holder's.
 */
export function takeSlot(
  host: StudyHost,
  worker: WorkerRecord,
  index: number,
  nowMs: number,
): void {
  const slot = worker.slots[index]!;
  const { holder, holderUs, told } = slot;
  const atUs = joinedUs(host, worker);
  slot.holder = host;
  slot.told = true;
  if (holder === undefined || holder === host || holderUs >= atUs) return;
  const waits = takeWaits(slot, nowMs);
  const fromUs = told ? {} : { fromUs: holderUs };
  holder.apply({ kind: 'slot-left', worker: worker.id, slot: index, atUs, ...fromUs, waits });
}

function joinedUs({ state }: StudyHost, { id }: WorkerRecord): number {
  return state.workers.get(id)?.joinedUs ?? 0;
}

/** What the worker's slots do now, for a ledger that counts the present. */
export function liveWorker(host: StudyHost, worker: WorkerRecord, nowMs: number): LiveWorker {
  return {
    worker: worker.id,
    nowUs: clockOf(worker, nowMs),
    slots: worker.slots.map((slot) => {
      const { occupant, waits, waiting } = slot;
      if (slot.holder !== host) return { elsewhere: true };
      if (occupant !== undefined) return { sinceUs: occupant.sinceUs, waits: occupant.waits };
      const from = slot.told ? {} : { fromUs: slot.holderUs };
      if (waiting === undefined) return { waits, ...from };
      const key = `${waiting.category}Us` as const;
      const openUs = Math.round((nowMs - waiting.sinceMs) * 1000);
      return { waits: { ...waits, [key]: waits[key] + openUs }, ...from };
    }),
  };
}

function hold(slot: Slot, host: StudyHost, atUs: number, told: boolean): void {
  slot.holder = host;
  slot.holderUs = Math.max(slot.holderUs, atUs);
  slot.told = told;
}

function lastWords(
  state: DispatcherState,
  host: StudyHost,
  { slots, nowUs }: WorkerRecord,
): Pick<WorkerLeft, 'atUs' | 'idle' | 'elsewhere' | 'fromUs'> {
  const nowMs = state.options.clock.monotonic();
  const elsewhere = slots.flatMap(({ holder }, index) => (holder === host ? [] : [index]));
  const idle = slots.map((slot): Waits => {
    return slot.holder === host ? takeWaits(slot, nowMs) : NO_WAITS;
  });
  const fromUs = slots.map((slot) => (slot.holder === host && !slot.told ? slot.holderUs : null));
  return {
    atUs: nowUs,
    idle,
    ...(elsewhere.length > 0 && { elsewhere }),
    ...(fromUs.some((us) => us !== null) && { fromUs }),
  };
}
