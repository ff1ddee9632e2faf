import type { Reason, Waits } from '@fleetune/core';
import type { ExchangeResponse, RegisterRequest } from '@fleetune/protocol';
import type { StudyHost } from '../study-host.ts';
import { checkProtocol } from './check-request.ts';
import type { ActiveStudy } from './dispatcher-state.ts';

/** A live attempt on a slot, as the coordinator knows it. */
export interface Occupant {
  readonly study: ActiveStudy;
  readonly worker: WorkerRecord;
  readonly slot: number;
  readonly trial: number;
  readonly attempt: number;
  /** Named causes of the slot's idle time before this attempt. */
  readonly waits: Readonly<Waits>;
  /** The worker's clock when it was handed out, or began. */
  sinceUs: number;
  /** The number of the latest request whose answer has it; 0: none; Infinity: its worker has spoken of it. */
  answeredIn: number;
  /** The latest exchange that brought reports of it. */
  reportedIn: number | undefined;
  /** It waits behind another attempt on its slot. */
  reserve: boolean;
  /** Why it has to be given back, unbegun. */
  recalled: string | undefined;
  /** Why its program is to write a checkpoint; said once. */
  checkpoint: string | undefined;
  /** When the worker was told to stop it, or to give it back (coordinator's monotonic ms). */
  toldMs: number | undefined;
}

export type WaitCategory = 'suggestion' | 'decision' | 'tail' | 'drained';

export interface SlotWait {
  category: WaitCategory;
  reason: Reason;
}

export interface Slot {
  occupant: Occupant | undefined;
  /** What begins there, untold, when the occupant ends. */
  reserve: Occupant | undefined;
  /** Named causes of idle time since the last exit. */
  waits: Readonly<Waits>;
  /** The cause that holds it now, since when (coordinator's monotonic ms). */
  waiting: (SlotWait & { sinceMs: number }) | undefined;
  /** Whose time its idle time is. */
  holder: StudyHost | undefined;
  /** From when on, by the worker's clock: since the last exit, or since the holder has it. */
  holderUs: number;
  /** The holder's log knows that. */
  told: boolean;
  /** The reserve that was to be given back for it, while it idles. */
  asked: Occupant | undefined;
}

/** A long poll without an answer yet. */
export interface Poll {
  seq: number;
  free: readonly number[];
  answer(response: ExchangeResponse): void;
  cancelTimer(): void;
}

export interface WorkerRecord {
  readonly id: string;
  readonly incarnation: string;
  readonly host: string;
  readonly pid: number;
  readonly slots: Slot[];
  /** Its live attempts, reserves among them, in the order of their starts: few, so that they need no table. */
  readonly attempts: Occupant[];
  /**
   * The numbers of its newest poll and of its newest other exchange, and the answers to them, so that a retry gets the
   * same one. It has at most one of each under way, and may come back for either after any number of the other.
   */
  pollSeq: number;
  pollAnswer: Promise<ExchangeResponse> | undefined;
  otherSeq: number;
  otherAnswer: Promise<ExchangeResponse> | undefined;
  lastSeq: number;
  /** The worker's own clock at its registration, and at its last word. */
  readonly joinedUs: number;
  nowUs: number;
  /** Its clock at a moment of ours, at its registration or ours: how far it can be by now follows from that. */
  knownUs: number;
  knownMs: number;
  /** What its clock says beyond that (see worker-clock.ts). */
  aheadUs: number;
  /** Ours at the same moment. */
  seenMs: number;
  /** Until it drains itself, as it said. */
  leftMs: () => number;
  poll: Poll | undefined;
  /** It takes no more trials. */
  draining: boolean;
  /** A person wants no new trials on it for now, and why. */
  paused: string | undefined;
  /** A person wants it to leave. */
  leave: { how: 'drain' | 'quit'; reason: string } | undefined;
  /** The last word about its leave, and when it was said (coordinator's monotonic ms). */
  toldToLeave: { command: 'drain' | 'quit'; atMs: number } | undefined;
  /** When its lease is over (coordinator's monotonic ms). */
  leaseDueMs: number;
  cancelLease: () => void;
}

export function newWorker(request: RegisterRequest, seenMs: number): WorkerRecord {
  checkProtocol(request.protocol);
  const { nowUs = 0 } = request;
  return workerRecord(request, seenMs, nowUs);
}

export function workerRecord(
  request: Pick<RegisterRequest, 'worker' | 'incarnation' | 'host' | 'pid' | 'slots'>,
  seenMs: number,
  joinedUs: number,
): WorkerRecord {
  const { worker: id, incarnation, host, pid } = request;
  return {
    id,
    incarnation,
    host,
    pid,
    slots: Array.from({ length: request.slots }, () => newSlot(joinedUs)),
    attempts: [],
    pollSeq: 0,
    pollAnswer: undefined,
    otherSeq: 0,
    otherAnswer: undefined,
    lastSeq: 0,
    joinedUs,
    nowUs: joinedUs,
    knownUs: joinedUs,
    knownMs: seenMs,
    aheadUs: 0,
    seenMs,
    leftMs: ENDLESS,
    poll: undefined,
    draining: false,
    paused: undefined,
    leave: undefined,
    toldToLeave: undefined,
    leaseDueMs: 0,
    cancelLease: NOTHING,
  };
}

/** Shared: there may be very many workers. */
const ENDLESS = (): number => Infinity;
const NOTHING = (): void => undefined;

function newSlot(holderUs: number): Slot {
  return {
    occupant: undefined,
    reserve: undefined,
    waits: NO_WAITS,
    waiting: undefined,
    holder: undefined,
    holderUs,
    told: false,
    asked: undefined,
  };
}

interface AttemptId {
  trial: number;
  attempt: number;
}

/** The worker's live attempt of that name. */
export function attemptOf(
  { attempts }: WorkerRecord,
  { study, trial, attempt }: AttemptId & { study: string },
): Occupant | undefined {
  for (const occupant of attempts) {
    const isSame = occupant.trial === trial && occupant.attempt === attempt;
    if (isSame && occupant.study.host.name === study) return occupant;
  }
  return undefined;
}

export function occupy(occupant: Occupant): void {
  const { worker, study, reserve } = occupant;
  const slot = worker.slots[occupant.slot]!;
  worker.attempts.push(occupant);
  if (reserve) {
    slot.reserve = occupant;
    study.reserves.add(occupant);
  } else {
    slot.occupant = occupant;
  }
}

/** The attempt has ended; what waits behind it begins. */
export function vacate(occupant: Occupant, exitedUs: number): void {
  const { worker, study } = occupant;
  const slot = worker.slots[occupant.slot]!;
  const { attempts } = worker;
  if (attempts.at(-1) === occupant) attempts.pop();
  else attempts.splice(attempts.indexOf(occupant), 1);
  study.reserves.delete(occupant);
  if (slot.reserve === occupant) slot.reserve = undefined;
  if (slot.occupant !== occupant) return;
  slot.holderUs = Math.max(slot.holderUs, exitedUs);
  const next = slot.reserve;
  slot.occupant = next;
  slot.reserve = undefined;
  if (next === undefined) return;
  study.reserves.delete(next);
  next.reserve = false;
  next.recalled = undefined;
  next.toldMs = undefined;
  next.sinceUs = slot.holderUs;
}

/** From now on the slot's idle time has this cause; none: a plain gap. */
export function holdSlot(slot: Slot, wait: SlotWait | undefined, nowMs: number): void {
  if (slot.waiting !== undefined && slot.waiting.category === wait?.category) {
    slot.waiting.reason = wait.reason;
    return;
  }
  if (slot.waiting !== undefined) {
    const cause = `${slot.waiting.category}Us` as const;
    const us = Math.round((nowMs - slot.waiting.sinceMs) * 1000);
    slot.waits = { ...slot.waits, [cause]: slot.waits[cause] + us };
  }
  slot.waiting = wait && { ...wait, sinceMs: nowMs };
}

/** Hands over the causes gathered since the last exit and starts anew. */
export function takeWaits(slot: Slot, nowMs: number): Readonly<Waits> {
  holdSlot(slot, undefined, nowMs);
  const { waits } = slot;
  slot.waits = NO_WAITS;
  return waits;
}

/** Shared: most slots hardly ever wait. */
export const NO_WAITS: Readonly<Waits> = {
  suggestionUs: 0,
  decisionUs: 0,
  tailUs: 0,
  drainedUs: 0,
};
