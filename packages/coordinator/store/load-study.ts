import { emptyStudy, evolve, fromSnapshot, type StudyEvent, type StudyState } from '@fleetune/core';
import type { Store } from './store.ts';

/** The study's state as the log has it now; `folded` hears of each event that the snapshot did not have. */
export function loadStudy(
  store: Store,
  id: number,
  folded?: (state: StudyState, event: StudyEvent) => void,
): StudyState {
  const snapshot = store.snapshot(id);
  // One of another release is of no use: the log is the truth, and is folded from its beginning.
  let state = (snapshot && fromSnapshot(snapshot.lines)) ?? emptyStudy();
  for (const event of store.events(id, state.lastEvent)) {
    state = evolve(state, event);
    folded?.(state, event);
  }
  return state;
}
