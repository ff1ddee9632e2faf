import { fromSnapshot, replay, toSnapshot } from '@fleetune/core';
import { loadStudy } from '@fleetune/coordinator/store';
import type { MakeChecker } from './watch.ts';

/** Promise 2: the log, a snapshot of it, and the stored snapshot with its tail amount to the state that was live. */
export const replayed: MakeChecker = ({ store }, broken) => ({
  onRunEnd({ id, name, state }) {
    const live = toSnapshot(state);
    if (toSnapshot(replay(store.events(id, 0))) !== live) broken(`${name}: the replay differs`);
    if (toSnapshot(fromSnapshot(live)) !== live) broken(`${name}: the snapshot differs`);
    const stored = loadStudy(store, id, () => undefined);
    if (toSnapshot(stored) !== live) broken(`${name}: the stored snapshot and its tail differ`);
  },
});
