// Where the time of every slot went (DESIGN §11), as a fold of worker-joined, attempt-ended and
// worker-left. A slot's time [0, atUs] on its worker's monotonic clock is cut at each spawn and
// exit; each piece goes to `busyUs` or to exactly one loss, so that they sum to the allocation to
// the microsecond.

import type { SlotUse, Waits } from './event.ts';
import { addGap, newGapHistogram, type GapHistogram } from './gap-histogram.ts';

export interface LedgerTotals {
  allocatedUs: number;
  busyUs: number;
  startUpUs: number;
  gapUs: number;
  suggestionUs: number;
  decisionUs: number;
  tailUs: number;
  drainedUs: number;
  lostUs: number;
}

/** The account of one slot up to `cursorUs`. */
export interface SlotAccount {
  cursorUs: number;
  /** Something was spawned on it. */
  used: boolean;
  /** An attempt ended on it that nobody saw end: the time up to the next spawn was its. */
  unseen: boolean;
  /** It is not this study's own: it has not been yet, or another study has taken it. */
  elsewhere?: true;
}

export interface Ledger {
  totals: LedgerTotals;
  gaps: GapHistogram;
}

export function newLedger(): Ledger {
  return { totals: noTotals(), gaps: newGapHistogram() };
}

function noTotals(): LedgerTotals {
  return {
    allocatedUs: 0,
    busyUs: 0,
    startUpUs: 0,
    gapUs: 0,
    suggestionUs: 0,
    decisionUs: 0,
    tailUs: 0,
    drainedUs: 0,
    lostUs: 0,
  };
}

export function newSlotAccount(cursorUs = 0): SlotAccount {
  return { cursorUs, used: false, unseen: false };
}

/** The slot is this study's own (again): its time from the last exit to `fromUs` was not. */
export function takeOver(slot: SlotAccount, fromUs: number | undefined): void {
  if (slot.elsewhere) delete slot.elsewhere;
  if (fromUs !== undefined) slot.cursorUs = Math.max(slot.cursorUs, Math.trunc(fromUs));
}

/** Books the idle time before an attempt and its busy time; returns the latter. */
export function bookAttempt(
  ledger: Ledger,
  slot: SlotAccount,
  use: Pick<SlotUse, 'spawnedUs' | 'exitedUs'>,
  waits: Waits | undefined,
): number {
  const spawnedUs = Math.max(slot.cursorUs, Math.trunc(use.spawnedUs));
  const exitedUs = Math.max(spawnedUs, Math.trunc(use.exitedUs));
  if (slot.used && !slot.unseen) addGap(ledger.gaps, spawnedUs - slot.cursorUs);
  const rest = slot.unseen ? 'lostUs' : slot.used ? 'gapUs' : 'startUpUs';
  bookIdle(ledger.totals, spawnedUs - slot.cursorUs, waits, rest);
  ledger.totals.busyUs += exitedUs - spawnedUs;
  ledger.totals.allocatedUs += exitedUs - slot.cursorUs;
  slot.cursorUs = exitedUs;
  slot.used = true;
  slot.unseen = false;
  return exitedUs - spawnedUs;
}

/** Closes a slot's account: idle time after the last attempt is the tail, unless it has a name. */
export function bookEnd(
  totals: LedgerTotals,
  slot: SlotAccount,
  atUs: number,
  waits: Waits | undefined,
): void {
  const endUs = Math.max(slot.cursorUs, Math.trunc(atUs));
  const rest = slot.unseen ? 'lostUs' : slot.used ? 'tailUs' : 'startUpUs';
  bookIdle(totals, endUs - slot.cursorUs, waits, rest);
  totals.allocatedUs += endUs - slot.cursorUs;
  slot.cursorUs = endUs;
}

/** The work of an attempt was thrown away after all. */
export function bookThrownAway(ledger: Ledger, busyUs: number): void {
  ledger.totals.busyUs -= busyUs;
  ledger.totals.lostUs += busyUs;
}

/** Named causes first, each at most what is left; the remainder has the given cause. */
export function bookIdle(
  totals: LedgerTotals,
  idleUs: number,
  waits: Waits | undefined,
  rest: 'startUpUs' | 'gapUs' | 'tailUs' | 'lostUs',
): void {
  let left = idleUs;
  if (waits !== undefined && rest !== 'lostUs') {
    for (const cause of ['suggestionUs', 'decisionUs', 'tailUs', 'drainedUs'] as const) {
      const named = Math.min(left, Math.max(0, Math.trunc(waits[cause])));
      totals[cause] += named;
      left -= named;
    }
  }
  totals[rest] += left;
}
