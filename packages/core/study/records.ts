// What a study keeps of a trial that has ended: a study has very many of them. V8 gives an object
// that is written as one literal just the room that its keys need; one that grew key by key takes
// up to twice as much.

import type { Reason } from '../scheduler/scheduler.ts';
import type { Exit } from './event.ts';
import { packed, recentReports } from './recent-reports.ts';
import type { AttemptRecord, TrialRecord } from './state.ts';

/** The same record without room for growth, and with its reports as text. */
export function endedRecord(trial: TrialRecord): TrialRecord {
  const { startedAt, endedAt, endedEvent, ticket, value, step } = trial;
  const attempts = trial.attempts.map(endedAttempt);
  const passed = trial.passed.slice();
  const recent = packed(recentReports(trial));
  const known = ticket !== undefined && startedAt !== undefined && endedAt !== undefined;
  if (!known || value === undefined || step === undefined || endedEvent === undefined) {
    const { stopping, ...ended } = { ...trial, attempts, passed, recent };
    return ended;
  }
  const ended: TrialRecord = {
    number: trial.number,
    state: trial.state,
    params: trial.params,
    sampler: trial.sampler,
    origin: trial.origin,
    reason: trial.reason,
    attempts,
    createdAt: trial.createdAt,
    createdEvent: trial.createdEvent,
    passed,
    metrics: trial.metrics,
    reports: trial.reports,
    recent,
    warnings: trial.warnings,
    ticket,
    startedAt,
    value,
    step,
    endedAt,
    endedEvent,
  };
  addRare(ended, trial, 'stopping');
  return ended;
}

function endedAttempt(attempt: AttemptRecord): AttemptRecord {
  const { worker, slot, startedAt, rows, fidelityTarget, step, endedAt } = attempt;
  const { end, reason, busyUs } = attempt;
  if (step === undefined || endedAt === undefined || end === undefined) return attempt;
  if (reason === undefined || attempt.exit === undefined || busyUs === undefined) return attempt;
  const { code, signal } = attempt.exit;
  const exit = code === 0 && signal === undefined ? EXIT_0 : attempt.exit;
  const ended: AttemptRecord =
    fidelityTarget === undefined
      ? { worker, slot, startedAt, rows, step, endedAt, end, reason, exit, busyUs }
      : { worker, slot, startedAt, rows, fidelityTarget, step, endedAt, end, reason, exit, busyUs };
  addRare(ended, attempt);
  return ended;
}

/** What few records have, as it is. */
function addRare<T extends object>(ended: T, record: T, except?: keyof T): void {
  for (const key in record) {
    if (!(key in ended) && key !== except) ended[key] = record[key];
  }
}

const EXIT_0: Exit = { code: 0 };

/** One object for equal reasons. */
export function sameAs(known: Reason | undefined, reason: Reason): Reason {
  return known?.code === reason.code && known.text === reason.text ? known : reason;
}
