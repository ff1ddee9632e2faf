// One slot of a worker: the attempt that runs there, and the one that waits behind it, its reserve.

import { mark, trouble, type Clock, type Logger } from '@fleetune/platform';
import type { Assignment, Ended } from '@fleetune/protocol';
import type { Outbox, Spool } from './exchange/outbox.ts';
import type { Interruption, Outcome, PreparedAttempt, Runner, RunningAttempt } from './runner.ts';

export interface SlotsOptions {
  slots: number;
  runner: Runner;
  outbox: Outbox;
  clock: Clock;
  log: Logger;
  /** No answer takes longer: the worker gives up before. */
  deathTimeoutMs: number;
  /** There is a new fact, or a slot has become free. */
  onNews(): void;
}

/** An attempt that runs on its slot. */
export interface Present {
  readonly startedMs: number;
  readonly spool: Spool;
  /** Absent while the runner's `start` is still under way. */
  running: RunningAttempt | undefined;
}

/** Where attempts last longer a gap is nothing, and a suggestion made so long ahead is stale. */
export const RESERVE_BELOW_MS = 5_000;
/** Behind a trial that is so long after all, a reserve only keeps others from taking it. */
const RESERVE_KEPT_MS = 10_000;

interface Reserve {
  readonly assignment: Assignment;
  readonly prepared: PreparedAttempt | undefined;
  readonly cancelReturn: () => void;
  /** It is not wanted here any more; it may have begun before that was heard. */
  returning: boolean;
  /** Nor anywhere: then it is killed. */
  forgotten?: Interruption;
}

export interface Slot {
  present: Present | undefined;
  /** The present one is gone, only its last words are not read yet. */
  exited: boolean;
  reserve: Reserve | undefined;
  /** Requests without an answer yet offer it for a trial, or for a reserve: no slot is offered twice. */
  offered: boolean;
  reserveOffered: boolean;
}

export function newSlot(): Slot {
  return {
    present: undefined,
    exited: false,
    reserve: undefined,
    offered: false,
    reserveOffered: false,
  };
}

/** Where attempts are short: behind one that is not after all, it would only be kept from others. */
export function wantsReserve({ clock }: SlotsOptions, slot: Slot): boolean {
  const { present, reserve, reserveOffered } = slot;
  if (present === undefined || reserve !== undefined || reserveOffered) return false;
  return present.startedMs > clock.monotonic() - RESERVE_BELOW_MS;
}

export function keepReserve(
  options: SlotsOptions,
  slot: Slot,
  { startedMs, running }: Present,
  assignment: Assignment,
): void {
  const { clock, runner } = options;
  const leftMs = Math.max(0, startedMs + RESERVE_KEPT_MS - clock.monotonic());
  const why = 'the trial before it on its slot takes longer than expected';
  const cancelReturn = clock.after(leftMs, () => giveBackReserve(options, slot, why), {
    unref: true,
  });
  const prepared = runner.prepare?.(assignment, running);
  slot.reserve = { assignment, cancelReturn, prepared, returning: false };
  if (trouble('reserve-returned')) giveBackReserve(options, slot, 'it may always be');
}

/** `done`: it is sure that it does not begin. */
function discardReserve(slot: Slot, reserve: Reserve, done: () => void): void {
  reserve.cancelReturn();
  reserve.returning = true;
  const gone = (): void => {
    if (slot.reserve === reserve) slot.reserve = undefined;
    done();
  };
  if (reserve.prepared === undefined) gone();
  else reserve.prepared.discard(gone);
}

export function forgetReserve(slot: Slot, interruption: Interruption): void {
  const { reserve } = slot;
  if (reserve === undefined) return;
  reserve.forgotten = interruption;
  if (!reserve.returning) discardReserve(slot, reserve, () => undefined);
}

export function giveBackReserve(options: SlotsOptions, slot: Slot, why: string): void {
  const { reserve } = slot;
  if (reserve === undefined || reserve.returning) return;
  discardReserve(slot, reserve, () => {
    mark('reserve-given-back');
    endUnstarted(options, reserve.assignment, why, 0);
  });
}

/** `atUs` is zero where the slot was another trial's all the time. */
export function endUnstarted(
  { outbox, onNews }: SlotsOptions,
  assignment: Assignment,
  why: string,
  atUs: number,
): void {
  const outcome: Outcome = { end: 'preempted', why, spawnedUs: atUs, exitedUs: atUs };
  outbox.open(assignment).end(endedOf(assignment, outcome));
  onNews();
}

export function endedOf({ study, trial, attempt, slot }: Assignment, outcome: Outcome): Ended {
  return { ...outcome, study, trial, attempt, slot };
}
