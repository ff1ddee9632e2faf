import type { Reason } from '@fleetune/core';
import type { Slot, WorkerRecord } from './worker-table.ts';

/** A registered worker as people see it. */
export interface WorkerView {
  worker: string;
  host: string;
  pid: number;
  /** `paused`: gets no new trials until it is resumed. `leaving`: it ends what it runs, and goes. */
  state: 'active' | 'paused' | 'leaving';
  /** Why it is not active. */
  reason?: string;
  /** Since its last word; its lease ends some time after. */
  silentMs: number;
  /** By slot. */
  slots: SlotView[];
}

/** What runs there, or why nothing does. */
export interface SlotView {
  study?: string;
  trial?: number;
  attempt?: number;
  waiting?: { sinceMs: number; reason: Reason };
}

export function workerView(worker: WorkerRecord, nowMs: number): WorkerView {
  const { id, host, pid, draining, paused, leave } = worker;
  const state = draining || leave !== undefined ? 'leaving' : paused ? 'paused' : 'active';
  const reason = leave?.reason ?? paused;
  return {
    worker: id,
    host,
    pid,
    state,
    ...(reason !== undefined && { reason }),
    silentMs: Math.round(nowMs - worker.seenMs),
    slots: worker.slots.map((slot) => slotView(slot, nowMs)),
  };
}

function slotView({ occupant, waiting }: Slot, nowMs: number): SlotView {
  if (occupant !== undefined) {
    const { study, trial, attempt } = occupant;
    return { study: study.host.name, trial, attempt };
  }
  if (waiting === undefined) return {};
  const { sinceMs, reason } = waiting;
  return { waiting: { sinceMs: Math.round(nowMs - sinceMs), reason } };
}
