import { errorInfo } from '../errors/index.ts';
import { breaker } from './circuit-breaker.ts';
import type { Outcome, StudyCommand } from './command.ts';
import type { AttemptEnd, Exit, SlotUse, StudyEventBody, TrialState, Waits } from './event.ts';
import { settle, type ToldEnd } from './settle.ts';
import {
  liveAttempt,
  specOf,
  type AttemptRecord,
  type StudyState,
  type TrialRecord,
} from './state.ts';
import { toWire } from './wire-number.ts';

type EndAttempt = Extract<StudyCommand, { kind: 'end-attempt' }>;
type AttemptEnded = Extract<StudyEventBody, { kind: 'attempt-ended' }>;
type TrialEnded = Extract<StudyEventBody, { kind: 'trial-ended' }>;

export function decideEnd(state: StudyState, command: EndAttempt, now: number): Outcome {
  const { trial: number, attempt: attemptNumber } = command;
  const trial = state.trials[number];
  if (trial === undefined)
    return { refused: errorInfo('trial.not-found', 'trial', { trial: number }) };
  const attempt = trial.attempts[attemptNumber - 1];
  if (attempt !== undefined && sameEnd(attempt, command)) return { events: [] };
  if (attempt === undefined || attempt !== liveAttempt(trial)) {
    const data = { trial: number, attempt: attemptNumber };
    return { refused: errorInfo('attempt.stale', 'attempt', data) };
  }
  const { use } = command;
  if (use !== undefined && use.worker !== attempt.worker) {
    const data = { trial: number, attempt: attemptNumber };
    return { refused: errorInfo('attempt.stale', 'use.worker', data) };
  }
  const events = attemptEnd(state, trial, command);
  const [ended, after] = events as [AttemptEnded, StudyEventBody];
  events.push(...breaker(state, trial, stateAfter(after), { ...ended, at: now }));
  return { events };
}

function stateAfter(event: StudyEventBody): TrialState {
  if (event.kind === 'trial-ended') return event.state;
  return event.kind === 'trial-paused' ? 'paused' : 'queued';
}

/** The end of the trial's live attempt and what follows for the trial. */
export function attemptEnd(
  state: StudyState,
  trial: TrialRecord,
  told: ToldEnd & { tail?: string[]; use?: SlotUse; waits?: Waits },
): StudyEventBody[] {
  const settlement = settle(state, trial, told);
  const { end, trial: next, reason, solo, value } = settlement;
  const { exit, tail, use, waits } = told;
  const number = trial.number;
  const attempt = trial.attempts.length;
  const ended: AttemptEnded = { kind: 'attempt-ended', v: 1, trial: number, attempt, end, reason };
  if (told.end !== end) ended.told = told.end;
  if (exit !== undefined) ended.exit = exit;
  if (tail !== undefined) ended.tail = tail;
  if (use !== undefined) ended.use = use;
  if (waits !== undefined) ended.waits = waits;
  if (next === 'queued') {
    return [ended, { kind: 'trial-requeued', v: 1, trial: number, reason, ...(solo && { solo }) }];
  }
  if (next === 'paused') return [ended, { kind: 'trial-paused', v: 1, trial: number, reason }];
  return [ended, trialEnd(state, trial, next, reason, value)];
}

export function trialEnd(
  state: StudyState,
  trial: TrialRecord,
  as: TrialEnded['state'],
  reason: { code: string; text: string },
  value: number | undefined = trial.value,
): TrialEnded {
  const { step, number } = trial;
  if (value === undefined) return { kind: 'trial-ended', v: 1, trial: number, state: as, reason };
  const wire = toWire(value);
  const stepped = specOf(state).fidelity !== undefined && step !== undefined;
  return stepped
    ? { kind: 'trial-ended', v: 1, trial: number, state: as, value: wire, step, reason }
    : { kind: 'trial-ended', v: 1, trial: number, state: as, value: wire, reason };
}

/** A worker that got no answer says it again. */
function sameEnd(attempt: AttemptRecord, command: { end: AttemptEnd; exit?: Exit }): boolean {
  if (attempt.end === undefined) return false;
  const { exit } = command;
  return (
    (attempt.told ?? attempt.end) === command.end &&
    attempt.exit?.code === exit?.code &&
    attempt.exit?.signal === exit?.signal
  );
}
