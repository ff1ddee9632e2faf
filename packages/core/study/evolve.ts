import { assert } from '../errors/index.ts';
import type { StudyEvent } from './event.ts';
import { evolveAttemptEnded } from './evolve-attempt-ended.ts';
import { evolveReports, evolveRung } from './evolve-reports.ts';
import { evolveStarted } from './evolve-started.ts';
import { slotLeft, workerJoined, workerLeft } from './evolve-worker.ts';
import { bookThrownAway } from './ledger.ts';
import { derive, placeEnd } from './derive.ts';
import { NONE, sameAs, trialRecord } from './records.ts';
import { evolveControl } from './evolve-control.ts';
import { evolveRevision } from './evolve-revision.ts';
import { joinFront } from './front.ts';
import { queueTrial } from './lanes.ts';
import { NO_REPORTS, packed, recentReports } from './recent-reports.ts';
import {
  elapsedMs,
  savedBy,
  setState,
  specOf,
  type StudyState,
  type TrialRecord,
} from './state.ts';
import { evolveSpec } from './evolve-spec.ts';
import { fromWire } from './wire-number.ts';

type Kind<K extends StudyEvent['kind']> = Extract<StudyEvent, { kind: K }>;

/**
 * Folds one event into the state, which it changes in place and returns: O(log n) per event, except
 * for an edit of the study's ladder. Events come from `decide` or from the log; an impossible one
 * is a broken log and throws.
 */
export function evolve(state: StudyState, event: StudyEvent): StudyState {
  assert(event.id === state.lastEvent + 1, () => `event ${event.id} follows ${state.lastEvent}`);
  apply(state, event);
  if (state.run !== undefined && isSignOfLife(event.kind)) state.run.aliveAt = event.at;
  state.lastEvent = event.id;
  state.lastAt = event.at;
  return state;
}

function apply(state: StudyState, event: StudyEvent): void {
  switch (event.kind) {
    case 'study-created':
      state.spec = event.spec;
      state.createdAt = event.at;
      return derive(state);
    case 'spec-changed':
      return evolveSpec(state, event.spec, event.changed);
    case 'study-paused':
    case 'study-resumed':
    case 'worker-drained':
    case 'worker-quarantined':
    case 'worker-released':
      return evolveControl(state, event);
    case 'trial-given-back':
    case 'trial-retried':
    case 'trial-discarded':
    case 'trial-corrected':
      return evolveRevision(state, trialOf(state, event.trial), event);
    case 'run-started':
      return runStarted(state, event);
    case 'run-resumed':
      return runResumed(state, event);
    case 'run-ended':
      return runEnded(state, event);
    case 'worker-joined':
      return workerJoined(state, event);
    case 'worker-left':
      return workerLeft(state, event);
    case 'slot-left':
      return slotLeft(state, event);
    case 'trial-created':
      return trialCreated(state, event);
    case 'attempt-started':
      return evolveStarted(state, trialOf(state, event.trial), event);
    case 'reports':
      for (const item of event.items) evolveReports(state, item, event.at);
      return;
    case 'rung-reached':
      return evolveRung(state, trialOf(state, event.trial), event);
    case 'stop-requested':
      trialOf(state, event.trial).stopping = { as: event.as, reason: event.reason };
      return;
    case 'checkpoint-requested':
      return;
    case 'attempt-ended':
      return evolveAttemptEnded(state, trialOf(state, event.trial), event);
    case 'trial-requeued':
      return trialRequeued(state, event);
    case 'trial-paused':
      return trialPaused(state, event);
    case 'trial-resumed':
      return trialResumed(state, event);
    case 'trial-ended':
      return trialEnded(state, event);
    case 'trial-warned':
      return trialWarned(state, event);
  }
}

/** Written by a run only: its workers are there. */
function isSignOfLife(kind: StudyEvent['kind']): boolean {
  return (
    kind === 'worker-joined' ||
    kind === 'worker-left' ||
    kind === 'attempt-started' ||
    kind === 'reports' ||
    kind === 'attempt-ended'
  );
}

function runStarted(state: StudyState, event: Kind<'run-started'>): void {
  state.closedMs = elapsedMs(state, state.run?.aliveAt ?? 0);
  if (state.end?.end === 'start-crash') state.start = { ended: 0, crashed: 0, reported: false };
  const { at, slots, keepGoing } = event;
  state.run = { startedAt: at, since: at, aliveAt: at, slots, keepGoing };
  state.runs += 1;
  state.lastSlots = event.slots;
  state.end = undefined;
}

/** The time without an owner is not the study's, as after a kill. */
function runResumed(state: StudyState, event: Kind<'run-resumed'>): void {
  const run = state.run;
  assert(run !== undefined, 'a run that is not open was resumed');
  state.closedMs = elapsedMs(state, run.aliveAt);
  for (const worker of state.workers.values()) {
    worker.unownedMs = (worker.unownedMs ?? 0) + event.at - run.aliveAt;
  }
  run.since = run.aliveAt = event.at;
  run.resumed = (run.resumed ?? 0) + 1;
}

function runEnded(state: StudyState, event: Kind<'run-ended'>): void {
  state.closedMs = elapsedMs(state, event.at);
  state.run = undefined;
  state.end = { end: event.end, reason: event.reason };
  state.exhausted = event.end === 'exhausted';
}

function trialCreated(state: StudyState, event: Kind<'trial-created'>): void {
  assert(event.trial === state.trials.length, () => `trial ${event.trial} is out of turn`);
  const reason = sameAs(state.trials.at(-1)?.origin, event.reason);
  const trial = trialRecord({
    number: event.trial,
    state: 'queued',
    params: event.params,
    sampler: event.sampler,
    origin: reason,
    reason,
    attempts: [],
    createdAt: event.at,
    createdEvent: event.id,
    passed: NONE,
    metrics: {},
    reports: 0,
    recent: NO_REPORTS,
    warnings: NONE,
  });
  state.trials.push(trial);
  state.counts.queued += 1;
  queueTrial(state, trial, 'enqueued', event.id);
}

function trialRequeued(state: StudyState, event: Kind<'trial-requeued'>): void {
  const trial = trialOf(state, event.trial);
  bookThrownAway(state.ledger, trial.attempts.at(-1)?.busyUs ?? 0);
  setState(state, trial, 'queued');
  trial.reason = event.reason;
  trial.stopping = undefined;
  if (event.solo) trial.solo = true;
  queueTrial(state, trial, trial.solo ? 'solo' : 'requeued', event.id);
}

function trialPaused(state: StudyState, event: Kind<'trial-paused'>): void {
  const trial = trialOf(state, event.trial);
  // As with a preemption: what it comes back with is not known here.
  if (trial.state === 'running') {
    bookThrownAway(state.ledger, trial.attempts.at(-1)?.busyUs ?? 0);
  }
  setState(state, trial, 'paused');
  trial.reason = event.reason;
  trial.stopping = undefined;
}

function trialResumed(state: StudyState, event: Kind<'trial-resumed'>): void {
  const trial = trialOf(state, event.trial);
  setState(state, trial, 'queued');
  trial.reason = event.reason;
  queueTrial(state, trial, trial.solo ? 'solo' : 'requeued', event.id);
}

function trialEnded(state: StudyState, event: Kind<'trial-ended'>): void {
  const trial = trialOf(state, event.trial);
  setState(state, trial, event.state);
  trial.reason = sameAs(trial.attempts.at(-1)?.reason, event.reason);
  trial.endedAt = event.at;
  trial.endedEvent = event.id;
  if (event.value !== undefined) trial.value = fromWire(event.value);
  const { fidelity } = specOf(state);
  if (event.state === 'stopped' && fidelity !== undefined) state.saved += savedBy(fidelity, trial);
  placeEnd(state, trial);
  joinFront(state, trial);
  trial.stopping = undefined;
  trial.recent = packed(recentReports(trial));
}

function trialWarned(state: StudyState, event: Kind<'trial-warned'>): void {
  const trial = trialOf(state, event.trial);
  trial.warnings = [...trial.warnings, event.warning];
}

function trialOf(state: StudyState, number: number): TrialRecord {
  const trial = state.trials[number];
  assert(trial !== undefined, () => `there is no trial ${number}`);
  return trial;
}
