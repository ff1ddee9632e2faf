// What is said about a trial after its end: it is tried again, forgotten or corrected.

import { createScheduler } from '../scheduler/create-scheduler.ts';
import { placeTrial, rebuildLadder } from './derive.ts';
import type { StudyEvent } from './event.ts';
import { rebuildFront } from './front.ts';
import { queueTrial } from './lanes.ts';
import { bookThrownAway } from './ledger.ts';
import { correctReport } from './recent-reports.ts';
import {
  liveAttempt,
  lossOf,
  savedBy,
  setState,
  specOf,
  type RetryClass,
  type StudyState,
  type TrialRecord,
} from './state.ts';
import { fromWire } from './wire-number.ts';

type Kind<K extends StudyEvent['kind']> = Extract<StudyEvent, { kind: K }>;

export function evolveRevision(
  state: StudyState,
  trial: TrialRecord,
  event: Kind<'trial-given-back' | 'trial-retried' | 'trial-discarded' | 'trial-corrected'>,
): void {
  switch (event.kind) {
    case 'trial-given-back':
      return givenBack(state, trial, event);
    case 'trial-retried':
      delete trial.used;
      return backToQueue(state, trial, event);
    case 'trial-discarded':
      return discarded(state, trial, event);
    case 'trial-corrected':
      return corrected(state, trial, event);
  }
}

function givenBack(state: StudyState, trial: TrialRecord, event: Kind<'trial-given-back'>): void {
  const ends = event.attempts.map((number) => trial.attempts[number - 1]?.end);
  for (const end of ends) {
    const used = trial.used?.[end as RetryClass] ?? 0;
    if (used > 0) trial.used = { ...trial.used, [end as RetryClass]: used - 1 };
  }
  // It ran out of memory on a bad worker: that need not be its own doing.
  if (trial.state !== 'running' && ends.includes('out-of-memory')) delete trial.solo;
  if (trial.state === 'failed' || trial.state === 'infeasible') backToQueue(state, trial, event);
  else if (trial.state === 'queued' && liveAttempt(trial) === undefined) {
    queueTrial(state, trial, trial.solo ? 'solo' : 'requeued', event.id);
  }
}

/** An ended trial goes on. What it reached at the rungs stays. */
function backToQueue(
  state: StudyState,
  trial: TrialRecord,
  event: Kind<'trial-given-back' | 'trial-retried'>,
): void {
  if (trial.state !== 'stopped') bookThrownAway(state.ledger, trial.attempts.at(-1)?.busyUs ?? 0);
  forgetStop(state, trial);
  setState(state, trial, 'queued');
  trial.reason = event.reason;
  trial.endedAt = undefined;
  trial.endedEvent = undefined;
  placeTrial(state, trial);
  queueTrial(state, trial, trial.solo ? 'solo' : 'requeued', event.id);
}

function discarded(state: StudyState, trial: TrialRecord, event: Kind<'trial-discarded'>): void {
  trial.passed.forEach((loss, rung) => {
    if (!Number.isNaN(loss)) state.reachedAt[rung]! -= 1;
  });
  forgetStop(state, trial);
  trial.passed = [];
  setState(state, trial, 'cancelled');
  trial.reason = event.reason;
  trial.discarded = true;
  // Its params may be proposed again.
  state.exhausted = false;
  rebuild(state);
}

/** What its early stop counted for. */
function forgetStop(state: StudyState, trial: TrialRecord): void {
  const { fidelity } = specOf(state);
  if (trial.state === 'stopped' && fidelity !== undefined) state.saved -= savedBy(fidelity, trial);
  if (trial.stoppedRung !== undefined) state.stoppedAt[trial.stoppedRung]! -= 1;
  trial.stoppedRung = undefined;
}

function corrected(state: StudyState, trial: TrialRecord, event: Kind<'trial-corrected'>): void {
  const spec = specOf(state);
  const value = fromWire(event.value);
  const before = trial.value!;
  // The report that the value came from, where it is still known, and the rung that it reached.
  correctReport(trial, trial.step, value);
  const rung = trial.passed.length - 1;
  if (trial.passed[rung] === lossOf(spec, before)) {
    trial.passed = trial.passed.with(rung, lossOf(spec, value));
  }
  trial.value = value;
  trial.metrics[spec.objective.metric] = value;
  trial.corrected = { by: event.by, reason: event.reason };
  rebuild(state);
}

/** The scheduler's tables only grow: O(n log n), but rare. */
function rebuild(state: StudyState): void {
  const { scheduler, fidelity } = specOf(state);
  rebuildLadder(state, createScheduler(scheduler, fidelity));
  rebuildFront(state);
}
