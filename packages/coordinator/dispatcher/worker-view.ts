import type { Reason } from '@fleetune/core';
import type { ActiveStudy } from './dispatcher-state.ts';
import type { Slot, WorkerRecord } from './worker-table.ts';

/** A registered worker as people see it. */
export interface WorkerView {
  worker: string;
  host: string;
  pid: number;
  /**
   * `paused`: gets no new trials until it is resumed. `quarantined`: nor does it, of any study, since it failed theirs.
   * `leaving`: it ends what it runs, and goes.
   */
  state: 'active' | 'paused' | 'quarantined' | 'leaving';
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

export function workerView(
  worker: WorkerRecord,
  studies: readonly ActiveStudy[],
  nowMs: number,
): WorkerView {
  const { id, host, pid } = worker;
  return {
    worker: id,
    host,
    pid,
    ...stateOf(worker, studies),
    silentMs: Math.round(nowMs - worker.seenMs),
    slots: worker.slots.map((slot) => slotView(slot, nowMs)),
  };
}

function stateOf(
  { id, draining, paused, leave }: WorkerRecord,
  studies: readonly ActiveStudy[],
): Pick<WorkerView, 'state' | 'reason'> {
  if (leave !== undefined) return { state: 'leaving', reason: leave.reason };
  if (draining) return { state: 'leaving' };
  if (paused !== undefined) return { state: 'paused', reason: paused };
  const holds = studies
    .filter(({ asked }) => !asked)
    .map((it) => it.host.state.workers.get(id)?.held);
  const [first] = holds;
  const quarantined = holds.every((held) => held?.as === 'quarantined');
  if (first === undefined || !quarantined) return { state: 'active' };
  return { state: 'quarantined', reason: first.reason.text };
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
