import { fromSnapshot, replay, toSnapshot, type StudyState } from '@fleetune/core';
import { loadStudy } from '@fleetune/coordinator/store';
import type { MakeChecker } from './watch.ts';

/** Promise 2: the log, a snapshot of it, and the stored snapshot with its tail amount to the state that was live. */
export const replayed: MakeChecker = ({ store }, broken) => ({
  onRunEnd({ id, name, state }) {
    const lines = toSnapshot(state);
    const live = JSON.stringify(lines);
    const isLive = (other: StudyState | undefined): boolean =>
      other !== undefined && JSON.stringify(toSnapshot(other)) === live;
    const replayed = () => replay(store.events(id, 0));
    if (!isLive(replayed())) broken(`${name}: the replay differs`);
    const heads = lines.map(({ head }) => head);
    const snapshot = { heads, trialsOf: (line: number) => lines[line]!.trials, replayed };
    if (!isLive(fromSnapshot(snapshot))) broken(`${name}: the snapshot differs`);
    if (!isLive(loadStudy(store, id))) broken(`${name}: the stored snapshot and its tail differ`);
  },
});
