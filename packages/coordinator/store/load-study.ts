import {
  emptyStudy,
  evolve,
  fromSnapshot,
  replay,
  type StudyEvent,
  type StudyState,
} from '@fleetune/core';
import type { Store } from './store.ts';

/**
 * The study's state as the log has it now; `folded` hears of each event that the snapshot did not have. Trials that ended
 * before the snapshot are read when somebody looks at them: until then the store has to be open.
 */
export function loadStudy(
  store: Store,
  id: number,
  folded?: (state: StudyState, event: StudyEvent) => void,
): StudyState {
  // One of another release is of no use: the log is the truth, and is folded from its beginning.
  let state = fromStored(store, id) ?? emptyStudy();
  for (const event of store.events(id, state.lastEvent)) {
    state = evolve(state, event);
    folded?.(state, event);
  }
  return state;
}

function fromStored(store: Store, id: number): StudyState | undefined {
  const snapshot = store.snapshot(id);
  if (snapshot === undefined) return undefined;
  const { event, heads } = snapshot;
  return fromSnapshot({
    heads,
    trialsOf: (line) => store.snapshotTrials(id, line, event),
    // Ids have no gaps: these are the events up to the snapshot's.
    replayed: () => replay(store.events(id, 0, event)),
  });
}
