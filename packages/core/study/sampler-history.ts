// What samplers learn of a study, in the order in which they learned it.

import type { Change, Outcome } from '../sampler/sampler.ts';
import { FleetuneError } from '../errors/index.ts';
import type { StudyEvent } from './event.ts';
import { lossOf, spaceOf, specOf, type StudyState, type TrialRecord } from './state.ts';

/**
 * What a sampler must observe after `event` has been evolved into `state`; undefined when it is
 * none of its business.
 */
export function samplerChange(state: StudyState, event: StudyEvent): Change | undefined {
  if (event.kind !== 'trial-created' && event.kind !== 'trial-ended') return undefined;
  const trial = state.trials[event.trial]!;
  if (!fits(state, trial)) return undefined;
  const outcome = event.kind === 'trial-created' ? PENDING : outcomeOf(state, trial);
  return { trial: trial.number, params: trial.params, outcome };
}

/**
 * The same changes again, for a sampler that begins anew. Trials whose params no longer fit the
 * space are left out.
 */
export function* samplerHistory(state: StudyState): Iterable<Change> {
  const moments: { event: number; change: Change }[] = [];
  for (const trial of state.trials) {
    if (!fits(state, trial)) continue;
    const { number, params, createdEvent, endedEvent } = trial;
    moments.push({ event: createdEvent, change: { trial: number, params, outcome: PENDING } });
    if (endedEvent === undefined) continue;
    const outcome = outcomeOf(state, trial);
    moments.push({ event: endedEvent, change: { trial: number, params, outcome } });
  }
  moments.sort((a, b) => a.event - b.event);
  for (const { change } of moments) yield change;
}

const PENDING: Outcome = { state: 'pending' };

function outcomeOf(state: StudyState, trial: TrialRecord): Outcome {
  const loss = trial.value === undefined ? undefined : lossOf(specOf(state), trial.value);
  switch (trial.state) {
    case 'completed':
      return loss === undefined ? { state: 'failed' } : { state: 'completed', loss };
    case 'stopped':
      // Stopped before it said anything: nothing is known of these params.
      if (loss === undefined) return { state: 'removed' };
      return { state: 'stopped', loss, step: trial.step ?? 0 };
    case 'failed':
    case 'infeasible':
      return { state: trial.state };
    case 'cancelled':
      return { state: 'removed' };
    case 'queued':
    case 'running':
    case 'paused':
      return PENDING;
  }
}

function fits(state: StudyState, trial: TrialRecord): boolean {
  if (!state.spaceChanged) return true;
  try {
    spaceOf(state).fromParams(trial.params);
    return true;
  } catch (error) {
    if (error instanceof FleetuneError) return false;
    throw error;
  }
}
