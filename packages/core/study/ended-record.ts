// What a study keeps of a trial that has ended: a study has very many of them.

import type { Reason } from '../scheduler/scheduler.ts';
import { packed, recentReports } from './recent-reports.ts';
import type { TrialRecord } from './state.ts';

/** The same record without room for growth, and with its reports as text. */
export function endedRecord(trial: TrialRecord): TrialRecord {
  const { stopping, ...kept } = trial;
  kept.attempts = trial.attempts.map((attempt) => ({ ...attempt }));
  kept.passed = trial.passed.slice();
  kept.recent = packed(recentReports(trial));
  return kept;
}

/** One object for equal reasons. */
export function sameAs(known: Reason | undefined, reason: Reason): Reason {
  return known?.code === reason.code && known.text === reason.text ? known : reason;
}
