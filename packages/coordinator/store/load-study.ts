import {
  FleetuneError,
  emptyStudy,
  evolve,
  fromSnapshot,
  type StudyEvent,
  type StudyState,
} from '@fleetune/core';
import type { Store } from './store.ts';

/** The study's state as the log has it now; `folded` hears of each event that the snapshot did not have. */
export function loadStudy(
  store: Store,
  id: number,
  folded: (state: StudyState, event: StudyEvent) => void,
): StudyState {
  let state = ofSnapshot(store.snapshot(id)?.state, 'at once') ?? emptyStudy();
  for (const event of store.events(id, state.lastEvent)) {
    state = evolve(state, event);
    folded(state, event);
  }
  return state;
}

/** The same for whoever looks at a few of its trials and then forgets it. */
export function viewStudy(store: Store, id: number): StudyState {
  let state = ofSnapshot(store.snapshot(id)?.state, 'lazily') ?? emptyStudy();
  for (const event of store.events(id, state.lastEvent)) state = evolve(state, event);
  return state;
}

/** One of another release, or damaged, is of no use: the log is the truth, and is folded from its beginning. */
function ofSnapshot(text: string | undefined, how: 'at once' | 'lazily'): StudyState | undefined {
  try {
    return text === undefined ? undefined : fromSnapshot(text, how);
  } catch (error) {
    if (error instanceof FleetuneError && error.code === 'snapshot.version') return undefined;
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
