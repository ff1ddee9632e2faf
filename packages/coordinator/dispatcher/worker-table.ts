import { fail, type LiveWorker, type Waits } from '@fleetune/core';
import { PROTOCOL, type ExchangeResponse, type RegisterRequest } from '@fleetune/protocol';
import type { StudyHost } from '../study-host.ts';

/** A live attempt on a slot, as the coordinator knows it. */
export interface Occupant {
  host: StudyHost;
  trial: number;
  attempt: number;
  /** Named causes of the slot's idle time before this attempt. */
  waits: Waits;
  /** The worker's clock when it was handed out. */
  sinceUs: number;
  /** The worker has been told to stop it. */
  told: boolean;
}

export type WaitCategory = 'suggestion' | 'decision' | 'tail' | 'drained';

export interface Slot {
  occupant: Occupant | undefined;
  /** Named causes of idle time since the last exit. */
  waits: Waits;
  /** The cause that holds it now, since when (coordinator's monotonic ms). */
  waiting: { category: WaitCategory; sinceMs: number } | undefined;
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
  /** Answers to the newest exchanges, so that a retry gets the same one. */
  readonly answers: Map<number, Promise<ExchangeResponse>>;
  lastSeq: number;
  /** The worker's own clock at its last word. */
  nowUs: number;
  /** Ours at the same moment. */
  seenMs: number;
  poll: Poll | undefined;
  /** It takes no more trials. */
  draining: boolean;
  /** Told to leave, and why. */
  quit: string | undefined;
  cancelLease: () => void;
}

/** Answers kept for retries; a worker has at most two exchanges under way. */
const ANSWERS_KEPT = 8;

export function newWorker(request: RegisterRequest, seenMs: number): WorkerRecord {
  if (request.protocol !== PROTOCOL) {
    throw fail('worker.protocol', 'protocol', { expected: PROTOCOL, got: request.protocol });
  }
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
    answers: new Map(),
    lastSeq: 0,
    nowUs: 0,
    seenMs,
    poll: undefined,
    draining: false,
    quit: undefined,
    cancelLease: () => undefined,
  };
}

export function rememberAnswer(
  worker: WorkerRecord,
  seq: number,
  answer: Promise<ExchangeResponse>,
): void {
  worker.answers.set(seq, answer);
  worker.answers.delete(seq - ANSWERS_KEPT);
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
export function holdSlot(slot: Slot, category: WaitCategory | undefined, nowMs: number): void {
  if (slot.waiting?.category === category) return;
  if (slot.waiting !== undefined) {
    slot.waits[`${slot.waiting.category}Us`] += Math.round((nowMs - slot.waiting.sinceMs) * 1000);
  }
  slot.waiting = category && { category, sinceMs: nowMs };
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
