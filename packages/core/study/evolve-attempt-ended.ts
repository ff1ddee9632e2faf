import { assert } from '../errors/index.ts';
import { crashedElsewhere, durationMs, failedFast, rowAfter } from './circuit-breaker.ts';
import type { AttemptEnd, Exit, StudyEventBody } from './event.ts';
import { begin } from './evolve-started.ts';
import { addGap } from './gap-histogram.ts';
import { bookAttempt } from './ledger.ts';
import {
  liveAttempt,
  type AttemptRecord,
  type RetryClass,
  type StudyState,
  type TrialRecord,
  type WorkerRecord,
} from './state.ts';

type AttemptEnded = Extract<StudyEventBody, { kind: 'attempt-ended' }>;

/**
 * Lines of output and characters of each that the state keeps of a failure; the log has all that
 * the worker sent.
 */
const TAIL_LINES = 20;
const TAIL_COLUMNS = 400;

const RETRY_CLASSES: ReadonlySet<AttemptEnd> = new Set<RetryClass>([
  'crashed',
  'timed-out',
  'invalid-metric',
]);

export function evolveAttemptEnded(
  state: StudyState,
  trial: TrialRecord,
  event: AttemptEnded & { at: number },
): void {
  const attempt = liveAttempt(trial);
  assert(attempt && trial.attempts.length === event.attempt, 'the end of a dead attempt');
  if (event.use !== undefined) begin(state, trial, attempt, event.at);
  bookRow(state, trial, attempt, event);
  attempt.endedAt = event.at;
  attempt.end = event.end;
  if (event.told !== undefined) attempt.told = event.told;
  attempt.reason = event.reason;
  attempt.exit = isZero(event.exit) ? EXIT_0 : event.exit;
  state.live.delete(trial.number);
  state.attemptsEnded += 1;
  state.attemptMs += durationMs(attempt, event);
  if (RETRY_CLASSES.has(event.end)) {
    const end = event.end as RetryClass;
    trial.used = { ...trial.used, [end]: (trial.used?.[end] ?? 0) + 1 };
  }
  countStart(state, event.end);
  if (isFailure(event.end)) {
    state.failures[event.end] = (state.failures[event.end] ?? 0) + 1;
    state.lastFailure = { trial: trial.number, attempt: event.attempt };
    if (event.tail !== undefined) trial.tail = lastLines(event.tail);
  }
  freeSlot(state, trial, attempt, event);
}

/**
 * Its time is booked where it ran; one that nobody saw end leaves its slot's time open until the
 * next spawn.
 */
function freeSlot(
  state: StudyState,
  trial: TrialRecord,
  attempt: AttemptRecord,
  event: AttemptEnded & { at: number },
): void {
  const worker = state.workers.get(attempt.worker);
  assert(worker !== undefined, () => `attempt of worker ${attempt.worker}, which has left`);
  const slot = worker.slots[attempt.slot]!;
  if (slot.reserve === trial.number) slot.reserve = undefined;
  else leaveSlot(state, slot, event.at);
  const { use } = event;
  if (use === undefined) {
    // A reserve that did not begin took nothing of the slot's time.
    if (attempt.reserve === undefined) slot.unseen = true;
    return;
  }
  const where = use.worker === attempt.worker ? (worker.slots[use.slot] ?? slot) : slot;
  attempt.busyUs = bookAttempt(state.ledger, where, use, event.waits);
}

/** The worker begins with what waits behind the trial, without being told. */
function leaveSlot(state: StudyState, slot: WorkerRecord['slots'][number], at: number): void {
  const next = slot.reserve;
  slot.trial = next;
  slot.reserve = undefined;
  if (next === undefined) return;
  const trial = state.trials[next]!;
  begin(state, trial, liveAttempt(trial)!, at);
}

/** Whether the worker is a good one: it fails trials in a row, or it comes to results. */
function bookRow(
  state: StudyState,
  trial: TrialRecord,
  attempt: AttemptRecord,
  event: AttemptEnded & { at: number },
): void {
  const worker = state.workers.get(attempt.worker)!;
  const { end } = event;
  if (failedFast(state, attempt, event)) {
    const others = crashedElsewhere(state, trial, worker.id);
    if (others.length === 0 && worker.held?.as !== 'quarantined') {
      worker.row = rowAfter(worker, trial);
    }
    for (const name of others) {
      const other = state.workers.get(name);
      if (other) other.row = other.row.filter((it) => it.trial !== trial.number);
    }
    return;
  }
  // These say nothing of a node.
  if (end === 'lost' || end === 'preempted' || end === 'cancelled' || end === 'paused') return;
  if (worker.row.length > 0) worker.row = [];
  if ((end !== 'completed' && end !== 'stopped') || attempt.rows === 0) return;
  worker.done += 1;
  addGap(state.durations, Math.round(durationMs(attempt, event) * 1000));
}

function isZero(exit: Exit | undefined): boolean {
  return exit?.code === 0 && exit.signal === undefined;
}

/** Of very many attempts. */
const EXIT_0: Exit = { code: 0 };

/** A machine that failed or a person who intervened says nothing about the program. */
function countStart(state: StudyState, end: AttemptEnd): void {
  if (end === 'lost' || end === 'preempted' || end === 'cancelled') return;
  state.start.ended += 1;
  if (end === 'crashed') state.start.crashed += 1;
}

/** A preempted attempt is nobody's fault, and its trial goes on. */
function isFailure(end: AttemptEnd): boolean {
  return !HARMLESS.has(end);
}

const HARMLESS: ReadonlySet<AttemptEnd> = new Set<AttemptEnd>([
  'completed',
  'stopped',
  'paused',
  'preempted',
  'cancelled',
]);

function lastLines(tail: string[]): string[] {
  return tail.slice(-TAIL_LINES).map((line) => line.slice(0, TAIL_COLUMNS));
}
