// The ledger of slot time as people see it (DESIGN §11).

import { gapQuantileUs } from '../study/gap-histogram.ts';
import {
  bookEnd,
  bookIdle,
  takeOver,
  type LedgerTotals,
  type SlotAccount,
} from '../study/ledger.ts';
import type { StudyState } from '../study/state.ts';
import type { Waits } from '../study/event.ts';
import type { Losses, Utilization } from './status.ts';

/**
 * What the coordinator knows of a worker beyond the log: its clock, and what its slots do right
 * now.
 */
export interface LiveWorker {
  worker: string;
  nowUs: number;
  /**
   * By slot. `sinceUs`: when its present attempt was spawned; `waits`: named causes of idle time
   * since the last exit; `elsewhere`: it is another study's by now, or nobody's; `fromUs`: since
   * when it is this study's own, where the log does not know.
   */
  slots: { sinceUs?: number; waits?: Waits; elsewhere?: true; fromUs?: number }[];
}

/**
 * Everything booked so far; with `live`, also the open time of the workers that are still there.
 */
export function utilization(
  state: StudyState,
  live?: readonly LiveWorker[],
): Utilization | undefined {
  const totals = live === undefined ? state.ledger.totals : liveLedger(state, live);
  if (totals.allocatedUs === 0) return undefined;
  const lossesUs = lossesOf(totals);
  const { allocatedUs, busyUs } = totals;
  const largest = largestOf(lossesUs);
  const { gaps } = state.ledger;
  return {
    slots: slotCount(state, live),
    allocatedUs,
    busyUs,
    lossesUs,
    share: busyUs / allocatedUs,
    shareWithoutTail: allocatedUs === lossesUs.tail ? 0 : busyUs / (allocatedUs - lossesUs.tail),
    ...(lossesUs[largest] > 0 && {
      largestLoss: { category: largest, share: lossesUs[largest] / allocatedUs },
    }),
    ...(gaps.count > 0 && {
      gapMs: {
        count: gaps.count,
        p50: gapQuantileUs(gaps, 0.5) / 1000,
        p99: gapQuantileUs(gaps, 0.99) / 1000,
        max: gaps.maxUs / 1000,
      },
    }),
  };
}

/** The totals as they would be if every worker left now; attempts under way count as busy. */
function liveLedger(state: StudyState, live: readonly LiveWorker[]): LedgerTotals {
  const totals = { ...state.ledger.totals };
  for (const { worker, nowUs, slots } of live) {
    state.workers
      .get(worker)
      ?.slots.forEach((slot, index) => bookOpen(totals, slot, nowUs, slots[index]));
  }
  return totals;
}

function bookOpen(
  totals: LedgerTotals,
  account: SlotAccount,
  nowUs: number,
  open: LiveWorker['slots'][number] | undefined,
): void {
  const slot = { ...account };
  if (open?.fromUs !== undefined) takeOver(slot, open.fromUs);
  if (!isOwn(slot, open)) return;
  if (open?.sinceUs === undefined) return bookEnd(totals, slot, nowUs, open?.waits);
  const endUs = Math.max(slot.cursorUs, Math.trunc(nowUs));
  const sinceUs = Math.min(endUs, Math.max(slot.cursorUs, Math.trunc(open.sinceUs)));
  const rest = slot.unseen ? 'lostUs' : slot.used ? 'gapUs' : 'startUpUs';
  bookIdle(totals, sinceUs - slot.cursorUs, open.waits, rest);
  totals.busyUs += endUs - sinceUs;
  totals.allocatedUs += endUs - slot.cursorUs;
}

function lossesOf(totals: LedgerTotals): Losses {
  return {
    startUp: totals.startUpUs,
    gap: totals.gapUs,
    suggestion: totals.suggestionUs,
    decision: totals.decisionUs,
    tail: totals.tailUs,
    drained: totals.drainedUs,
    lost: totals.lostUs,
  };
}

function largestOf(losses: Losses): keyof Losses {
  const categories = Object.keys(losses) as (keyof Losses)[];
  return categories.reduce((largest, it) => (losses[it] > losses[largest] ? it : largest));
}

/** This study's own of the workers that are there, else of the run as it was asked for. */
function slotCount(state: StudyState, live: readonly LiveWorker[] = []): number {
  const known = new Map(live.map(({ worker, slots }) => [worker, slots]));
  let slots = 0;
  for (const worker of state.workers.values()) {
    const open = known.get(worker.id);
    slots += worker.slots.filter((slot, index) => isOwn(slot, open?.[index])).length;
  }
  return slots > 0 ? slots : (state.run?.slots ?? state.lastSlots);
}

function isOwn(account: SlotAccount, open: LiveWorker['slots'][number] | undefined): boolean {
  if (open?.elsewhere) return false;
  return open?.fromUs !== undefined || !account.elsewhere;
}
