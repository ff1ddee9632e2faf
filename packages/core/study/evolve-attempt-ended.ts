import { assert } from '../errors/index.ts';
import type { AttemptEnd, StudyEventBody } from './event.ts';
import { bookAttempt } from './ledger.ts';
import { liveAttempt, type AttemptRecord, type StudyState, type TrialRecord } from './state.ts';

type AttemptEnded = Extract<StudyEventBody, { kind: 'attempt-ended' }>;

/**
 * Lines of output and characters of each that the state keeps of a failure; the log has all that
 * the worker sent.
 */
const TAIL_LINES = 20;
const TAIL_COLUMNS = 400;

export function evolveAttemptEnded(
  state: StudyState,
  trial: TrialRecord,
  event: AttemptEnded & { at: number },
): void {
  const attempt = liveAttempt(trial);
  assert(attempt && trial.attempts.length === event.attempt, 'the end of a dead attempt');
  attempt.endedAt = event.at;
  attempt.end = event.end;
  if (event.told !== undefined) attempt.told = event.told;
  attempt.reason = event.reason;
  if (event.exit !== undefined) attempt.exit = event.exit;
  state.live.delete(trial.number);
  state.attemptsEnded += 1;
  state.attemptMs += durationMs(event, attempt.startedAt);
  if (event.end === 'crashed') trial.crashes += 1;
  countStart(state, event.end);
  if (isFailure(event.end)) {
    state.failures[event.end] = (state.failures[event.end] ?? 0) + 1;
    state.lastFailure = { trial: trial.number, attempt: event.attempt };
    if (event.tail !== undefined) trial.tail = lastLines(event.tail);
  }
  freeSlot(state, attempt, event);
}

/**
 * Its time is booked where it ran; one that nobody saw end leaves its slot's time open until the
 * next spawn.
 */
function freeSlot(state: StudyState, attempt: AttemptRecord, event: AttemptEnded): void {
  const worker = state.workers.get(attempt.worker);
  assert(worker !== undefined, `attempt of worker ${attempt.worker}, which has left`);
  const slot = worker.slots[attempt.slot]!;
  delete slot.trial;
  const { use } = event;
  if (use === undefined) {
    slot.unseen = true;
    return;
  }
  const where = use.worker === attempt.worker ? (worker.slots[use.slot] ?? slot) : slot;
  attempt.busyUs = bookAttempt(state.ledger, where, use, event.waits);
}

/** How long it ran; when nobody saw it end, that time says nothing of a trial. */
function durationMs({ use, end, at }: AttemptEnded & { at: number }, startedAt: number): number {
  if (use !== undefined) return Math.max(0, use.exitedUs - use.spawnedUs) / 1000;
  return end === 'lost' ? 0 : Math.max(0, at - startedAt);
}

/** A machine that failed or a person who intervened says nothing about the program. */
function countStart(state: StudyState, end: AttemptEnd): void {
  if (end === 'lost' || end === 'preempted' || end === 'cancelled') return;
  state.start.ended += 1;
  if (end === 'crashed') state.start.crashed += 1;
}

/** A preempted attempt is nobody's fault, and its trial goes on. */
function isFailure(end: AttemptEnd): boolean {
  return !['completed', 'stopped', 'paused', 'preempted', 'cancelled'].includes(end);
}

function lastLines(tail: string[]): string[] {
  return tail.slice(-TAIL_LINES).map((line) => line.slice(0, TAIL_COLUMNS));
}
