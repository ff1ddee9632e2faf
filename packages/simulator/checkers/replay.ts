import { fromSnapshot, replay, toSnapshot, type StudyState } from '@fleetune/core';
import { loadStudy } from '@fleetune/coordinator/store';
import type { MakeChecker } from './watch.ts';

/** Promise 2: the log, a snapshot of it, and the stored snapshot with its tail amount to the state that was live. */
export const replayed: MakeChecker = ({ store }, broken) => ({
  onRunEnd({ id, name, state }) {
    const live = toSnapshot(state);
    const isLive = (other: StudyState | undefined): boolean =>
      other !== undefined && toSnapshot(other).join() === live.join();
    if (!isLive(replay(store.events(id, 0)))) broken(`${name}: the replay differs`);
    if (!isLive(fromSnapshot(live))) broken(`${name}: the snapshot differs`);
    if (!isLive(loadStudy(store, id))) broken(`${name}: the stored snapshot and its tail differ`);
  },
});
