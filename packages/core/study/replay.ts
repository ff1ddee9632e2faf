import type { StudyEvent } from './event.ts';
import { evolve } from './evolve.ts';
import { emptyStudy, type StudyState } from './state.ts';

/** The state that a log amounts to. */
export function replay(events: Iterable<StudyEvent>): StudyState {
  let state = emptyStudy();
  for (const event of events) state = evolve(state, event);
  return state;
}
