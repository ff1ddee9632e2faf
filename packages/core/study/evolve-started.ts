// An attempt gets a slot. A reserve only gets a place behind the trial that the slot runs: its own
// trial stays queued until there is a sign that it has begun.

import { assert } from '../errors/index.ts';
import type { StudyEvent } from './event.ts';
import { leaveQueue } from './lanes.ts';
import { takeOver } from './ledger.ts';
import { attemptRecord } from './records.ts';
import { setState, type AttemptRecord, type StudyState, type TrialRecord } from './state.ts';

type AttemptStarted = Extract<StudyEvent, { kind: 'attempt-started' }>;

export function evolveStarted(state: StudyState, trial: TrialRecord, event: AttemptStarted): void {
  const slot = state.workers.get(event.worker)?.slots[event.slot];
  assert(slot !== undefined, () => `attempt on worker ${event.worker}, which has no such slot`);
  assert(
    event.attempt === trial.attempts.length + 1,
    () => `attempt ${event.attempt} is out of turn`,
  );
  leaveQueue(state, trial.number);
  const { fidelityTarget, reserve } = event;
  const { worker, slot: index, at } = event;
  const known = { worker, slot: index, startedAt: at, rows: 0, fidelityTarget, reserve };
  const attempt = attemptRecord(known);
  // Just the room that they need: to push makes room for a dozen.
  trial.attempts = trial.attempts.length === 0 ? [attempt] : trial.attempts.concat(attempt);
  state.live.add(trial.number);
  if (reserve) {
    slot.reserve = trial.number;
    return;
  }
  takeOver(slot, event.fromUs);
  slot.trial = trial.number;
  begin(state, trial, attempt, event.at);
}

/** The trial runs: nothing that is said twice is a second beginning. */
export function begin(
  state: StudyState,
  trial: TrialRecord,
  attempt: AttemptRecord,
  at: number,
): void {
  if (trial.state === 'running') return;
  if (attempt.reserve) attempt.reserve = undefined;
  attempt.startedAt = at;
  trial.startedAt ??= at;
  setState(state, trial, 'running');
}
