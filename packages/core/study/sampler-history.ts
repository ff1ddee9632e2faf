// What samplers learn of a study, in the order in which they learned it.

import type { Change, Outcome } from '../sampler/sampler.ts';
import type { Params, StudySpec } from '../space/study-spec.ts';
import type { StudyEvent } from './event.ts';
import { lossesOf, violationOf } from './outcome.ts';
import { lossOf, specOf, type StudyState, type TrialRecord } from './state.ts';

/** Events after which a trial is another one to samplers. */
type Revision = Extract<
  StudyEvent,
  {
    kind:
      | 'trial-created'
      | 'trial-ended'
      | 'trial-given-back'
      | 'trial-retried'
      | 'trial-discarded'
      | 'trial-corrected';
  }
>;

/**
 * What a sampler must observe after `event` has been evolved into `state`; undefined when it is
 * none of its business. After `spec-changed` a sampler begins anew from `samplerHistory`.
 */
export function samplerChange(state: StudyState, event: StudyEvent): Change | undefined {
  if (!isRevision(event)) return undefined;
  const trial = state.trials[event.trial]!;
  const params = paramsNow(state, trial);
  if (params === undefined) return undefined;
  const outcome = event.kind === 'trial-created' ? PENDING : outcomeOf(state, trial);
  return { trial: trial.number, params, outcome, sampler: trial.sampler };
}

function isRevision(event: StudyEvent): event is Revision {
  switch (event.kind) {
    case 'trial-created':
    case 'trial-ended':
    case 'trial-given-back':
    case 'trial-retried':
    case 'trial-discarded':
    case 'trial-corrected':
      return true;
    default:
      return false;
  }
}

/**
 * What all changes so far amount to, for a sampler that begins anew. Trials outside the space as it
 * is now (a narrowed range, a removed choice) are left out; they come back when it widens again.
 */
export function* samplerHistory(state: StudyState): Iterable<Change> {
  const moments: { event: number; change: Change }[] = [];
  for (const trial of state.trials) {
    const params = paramsNow(state, trial);
    if (params === undefined) continue;
    const { number, sampler, createdEvent, endedEvent } = trial;
    const created = { trial: number, params, outcome: PENDING, sampler };
    moments.push({ event: createdEvent, change: created });
    if (endedEvent === undefined) continue;
    const outcome = outcomeOf(state, trial);
    moments.push({ event: endedEvent, change: { ...created, outcome } });
  }
  moments.sort((a, b) => a.event - b.event);
  for (const { change } of moments) yield change;
}

const PENDING: Outcome = { state: 'pending' };

function outcomeOf(state: StudyState, trial: TrialRecord): Outcome {
  const spec = specOf(state);
  const loss = trial.value === undefined ? undefined : lossOf(spec, trial.value);
  switch (trial.state) {
    case 'completed':
      return loss === undefined
        ? { state: 'failed' }
        : { state: 'completed', ...lossesIn(spec, trial) };
    case 'stopped':
      // Stopped before it said anything: nothing is known of these params.
      if (loss === undefined) return { state: 'removed' };
      if (violationOf(spec, trial.metrics) > 0) return infeasible(spec, trial);
      return { state: 'stopped', loss, step: trial.step ?? 0 };
    case 'infeasible':
      return infeasible(spec, trial);
    case 'failed':
      return { state: 'failed' };
    case 'cancelled':
      return { state: 'removed' };
    case 'queued':
    case 'running':
    case 'paused':
      return PENDING;
  }
}

/** One that broke outcome constraints says by how much, and what it reached; others say nothing. */
function infeasible(spec: StudySpec, trial: TrialRecord): Outcome {
  const violation = violationOf(spec, trial.metrics);
  if (violation === 0 || trial.value === undefined) return { state: 'infeasible' };
  return { state: 'completed', ...lossesIn(spec, trial), violation };
}

function lossesIn(spec: StudySpec, trial: TrialRecord): { loss: number; losses?: number[] } {
  const losses = lossesOf(spec, trial);
  return { loss: losses[0]!, ...(losses.length > 1 && { losses }) };
}

/** The trial's params as the space is now; undefined outside it. */
function paramsNow(state: StudyState, trial: TrialRecord): Params | undefined {
  if (!state.spaceChanged) return trial.params;
  return trial.outside === undefined ? state.adopt!(trial.params).fitted : undefined;
}
