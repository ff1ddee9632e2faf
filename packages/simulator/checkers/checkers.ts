import { acknowledged } from './acknowledged.ts';
import { allocation } from './allocation.ts';
import { begunAsLogged } from './begun-as-logged.ts';
import { gridPoints } from './grid-points.ts';
import { heldWorkers } from './held-workers.ts';
import { idleSlots } from './idle-slots.ts';
import { incumbent } from './incumbent.ts';
import { ledger } from './ledger.ts';
import { logOrder } from './log-order.ts';
import { medianRule } from './median-rule.ts';
import { oneAttempt } from './one-attempt.ts';
import { promotions } from './promotions.ts';
import { replayed } from './replay.ts';
import { retries } from './retries.ts';
import { runEnd } from './run-end.ts';
import { slotsLimit } from './slots-limit.ts';
import { stopsHeeded } from './stops-heeded.ts';
import { suggestions } from './suggestions.ts';
import { timeBudget } from './time-budget.ts';
import { toldTruth } from './told-truth.ts';
import { trialBudget } from './trial-budget.ts';
import { trialLife } from './trial-life.ts';
import type { MakeChecker } from './watch.ts';

/** The promises, by the name that a failure is printed with. */
export const checkers: Record<string, MakeChecker> = {
  'the-log-is-in-order': logOrder,
  'one-attempt-at-a-time': oneAttempt,
  'trials-live-once': trialLife,
  'the-log-tells-the-truth': toldTruth,
  'acknowledged-is-durable': acknowledged,
  'programs-begin-as-the-log-says': begunAsLogged,
  'retries-are-lawful': retries,
  'runs-end-for-a-cause': runEnd,
  'the-trial-budget-holds': trialBudget,
  'the-time-budget-holds': timeBudget,
  'the-slots-limit-holds': slotsLimit,
  'suggestions-are-lawful': suggestions,
  'the-ledger-sums-up': ledger,
  'no-slot-time-counts-twice': allocation,
  'the-replay-is-the-view': replayed,
  'promotions-are-lawful': promotions,
  'the-median-rule-holds': medianRule,
  'a-grid-visits-each-point-once': gridPoints,
  'held-workers-get-nothing': heldWorkers,
  'the-best-is-the-best': incumbent,
  'stops-are-heeded': stopsHeeded,
  'no-slot-idles': idleSlots,
};
