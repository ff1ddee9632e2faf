import type { StudyEvent } from './event.ts';
import type { StudyState } from './state.ts';

/** Whose records say something else once `event` has been evolved into `state`. */
export function touchedTrials(state: StudyState, event: StudyEvent): number[] {
  switch (event.kind) {
    case 'reports':
      return event.items.map(({ trial }) => trial);
    case 'spec-changed':
      // What they reached of another ladder, and a parameter that was added.
      return REWRITES.some((key) => event.changed.includes(key)) ? all(state) : [];
    case 'attempt-ended':
      return [event.trial, ...begunBehind(state, event)];
    default:
      return 'trial' in event ? [event.trial] : [];
  }
}

const REWRITES = ['space', 'fidelity', 'scheduler'];

function all({ trials }: StudyState): number[] {
  return trials.map(({ number }) => number);
}

/** The slot's worker goes on with the trial that waited there. */
function begunBehind(
  { trials, workers }: StudyState,
  { trial, attempt }: { trial: number; attempt: number },
): number[] {
  const { worker, slot } = trials[trial]!.attempts[attempt - 1]!;
  const next = workers.get(worker)?.slots[slot]?.trial;
  return next === undefined ? [] : [next];
}
