import type { LiveWorker, Reason, Waits } from '@fleetune/core';
import type { ExchangeResponse, RegisterRequest } from '@fleetune/protocol';
import type { StudyHost } from '../study-host.ts';
import { checkProtocol } from './check-request.ts';

/** A live attempt on a slot, as the coordinator knows it. */
export interface Occupant {
  host: StudyHost;
  trial: number;
  attempt: number;
  /** Named causes of the slot's idle time before this attempt. */
  waits: Waits;
  /** The worker's clock when it was handed out. */
  sinceUs: number;
  /** When the worker was told to stop it (coordinator's monotonic ms). */
  toldMs: number | undefined;
}

export type WaitCategory = 'suggestion' | 'decision' | 'tail' | 'drained';

export interface SlotWait {
  category: WaitCategory;
  reason: Reason;
}

export interface Slot {
  occupant: Occupant | undefined;
  /** Named causes of idle time since the last exit. */
  waits: Waits;
  /** The cause that holds it now, since when (coordinator's monotonic ms). */
  waiting: (SlotWait & { sinceMs: number }) | undefined;
}

export interface Answer {
  seq: number;
  response: Promise<ExchangeResponse>;
}

/** A long poll without an answer yet. */
export interface Poll {
  seq: number;
  free: number[];
  answer(response: ExchangeResponse): void;
  cancelTimer(): void;
}

export interface WorkerRecord {
  readonly id: string;
  readonly incarnation: string;
  readonly host: string;
  readonly pid: number;
  readonly slots: Slot[];
  /**
   * Answers to its newest poll and its newest other exchange, so that a retry gets the same one. It has at most one of
   * each under way, and may come back for either after any number of the other.
   */
  readonly answers: Record<'poll' | 'other', Answer | undefined>;
  lastSeq: number;
  /** The worker's own clock at its last word. */
  nowUs: number;
  /** Ours at the same moment. */
  seenMs: number;
  poll: Poll | undefined;
  /** It takes no more trials. */
  draining: boolean;
  /** A person wants no new trials on it for now, and why. */
  paused: string | undefined;
  /** A person wants it to leave. */
  leave: { how: 'drain' | 'quit'; reason: string } | undefined;
  /** When it was told to leave. */
  toldToLeaveMs: number | undefined;
  cancelLease: () => void;
}

export function newWorker(request: RegisterRequest, seenMs: number): WorkerRecord {
  checkProtocol(request.protocol);
  const slots = Array.from({ length: request.slots }, (): Slot => ({
    occupant: undefined,
    waits: noWaits(),
    waiting: undefined,
  }));
  return {
    id: request.worker,
    incarnation: request.incarnation,
    host: request.host,
    pid: request.pid,
    slots,
    answers: { poll: undefined, other: undefined },
    lastSeq: 0,
    nowUs: 0,
    seenMs,
    poll: undefined,
    draining: false,
    paused: undefined,
    leave: undefined,
    toldToLeaveMs: undefined,
    cancelLease: () => undefined,
  };
}

/** Ends a parked poll without anything to say. */
export function answerPoll(worker: WorkerRecord): void {
  const { poll } = worker;
  if (poll === undefined) return;
  worker.poll = undefined;
  poll.cancelTimer();
  poll.answer({ seq: poll.seq, trials: [], commands: [], rejected: [] });
}

/** From now on the slot's idle time has this cause; none: a plain gap. */
export function holdSlot(slot: Slot, wait: SlotWait | undefined, nowMs: number): void {
  if (slot.waiting !== undefined && slot.waiting.category === wait?.category) {
    slot.waiting.reason = wait.reason;
    return;
  }
  if (slot.waiting !== undefined) {
    slot.waits[`${slot.waiting.category}Us`] += Math.round((nowMs - slot.waiting.sinceMs) * 1000);
  }
  slot.waiting = wait && { ...wait, sinceMs: nowMs };
}

/** Hands over the causes gathered since the last exit and starts anew. */
export function takeWaits(slot: Slot, nowMs: number): Waits {
  holdSlot(slot, undefined, nowMs);
  const waits = slot.waits;
  slot.waits = noWaits();
  return waits;
}

/** The worker's own clock now, as far as it can be known from here. */
export function clockOf(worker: WorkerRecord, nowMs: number): number {
  return worker.nowUs + Math.round((nowMs - worker.seenMs) * 1000);
}

/** What the slots do now, for a ledger that counts the present. */
export function liveWorker(worker: WorkerRecord, nowMs: number): LiveWorker {
  return {
    worker: worker.id,
    nowUs: clockOf(worker, nowMs),
    slots: worker.slots.map(({ occupant, waits, waiting }) => {
      if (occupant !== undefined) return { sinceUs: occupant.sinceUs, waits: occupant.waits };
      if (waiting === undefined) return { waits };
      const key = `${waiting.category}Us` as const;
      const openUs = Math.round((nowMs - waiting.sinceMs) * 1000);
      return { waits: { ...waits, [key]: waits[key] + openUs } };
    }),
  };
}

function noWaits(): Waits {
  return { suggestionUs: 0, decisionUs: 0, tailUs: 0, drainedUs: 0 };
}
