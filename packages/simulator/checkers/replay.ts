import { fromSnapshot, replay, toSnapshot } from '@fleetune/core';
import type { StudyHost } from '@fleetune/coordinator';
import type { Store } from '@fleetune/coordinator/store';

/** The log, and a snapshot of it, amount to the state that the coordinator had. */
export function checkReplay(store: Store, host: StudyHost): string[] {
  const live = toSnapshot(host.state);
  const broken: string[] = [];
  if (toSnapshot(replay(store.events(host.id, 0))) !== live) broken.push('the replay differs');
  if (toSnapshot(fromSnapshot(live)) !== live) broken.push('the snapshot differs');
  return broken;
}
