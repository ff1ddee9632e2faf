// What a study keeps of a trial that has ended: a study has very many of them. V8 gives an object
// that is written as one literal just the room that its keys need; one that grew key by key takes
// up to twice as much.

import type { Reason } from '../scheduler/scheduler.ts';
import type { Exit } from './event.ts';
import { packed, recentReports } from './recent-reports.ts';
import type { AttemptRecord, TrialRecord } from './state.ts';

/** The same record without room for growth, and with its reports as text. */
export function endedRecord(trial: TrialRecord): TrialRecord {
  const attempts = trial.attempts.map(endedAttempt);
  const passed = trial.passed.slice();
  const recent = packed(recentReports(trial));
  const { stopping, ...ended } = { ...trial, attempts, passed, recent };
  const { number, state, params, sampler, origin, reason, ticket, ...some } = ended;
  const { createdAt, createdEvent, metrics, reports, warnings, startedAt, ...more } = some;
  const { value, step, endedAt, endedEvent, attempts: _, passed: __, recent: ___, ...rare } = more;
  const known = ticket !== undefined && startedAt !== undefined && endedAt !== undefined;
  if (!known || value === undefined || step === undefined || endedEvent === undefined) return ended;
  return {
    number,
    state,
    params,
    sampler,
    origin,
    reason,
    attempts,
    createdAt,
    createdEvent,
    passed,
    metrics,
    reports,
    recent,
    warnings,
    ticket,
    startedAt,
    value,
    step,
    endedAt,
    endedEvent,
    ...rare,
  };
}

function endedAttempt(attempt: AttemptRecord): AttemptRecord {
  const { worker, slot, startedAt, rows, fidelityTarget, step, endedAt, ...more } = attempt;
  const { end, reason, exit, busyUs, ...rare } = more;
  const known = fidelityTarget !== undefined && step !== undefined && endedAt !== undefined;
  if (!known || end === undefined || reason === undefined) return attempt;
  if (exit === undefined || busyUs === undefined) return attempt;
  return {
    worker,
    slot,
    startedAt,
    rows,
    fidelityTarget,
    step,
    endedAt,
    end,
    reason,
    exit: exit.code === 0 && exit.signal === undefined ? EXIT_0 : exit,
    busyUs,
    ...rare,
  };
}

const EXIT_0: Exit = { code: 0 };

/** One object for equal reasons. */
export function sameAs(known: Reason | undefined, reason: Reason): Reason {
  return known?.code === reason.code && known.text === reason.text ? known : reason;
}
