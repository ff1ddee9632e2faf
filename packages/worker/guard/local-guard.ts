import type { Clock } from '@fleetune/platform';
import type { Guard } from './guard.ts';
import { createTrialSweeper } from './trial-sweeper.ts';

/** Sweeps from within the worker: for as long as it lives. `spawnWatchdog` also covers its death. */
export function localGuard(markPrefix: string, clock: Clock): Guard {
  const sweeper = createTrialSweeper(clock);
  return {
    started: (group) => sweeper.started(group),
    ended: (group, mark) => sweeper.ended(group, mark),
    close: async () => sweeper.killAll(markPrefix),
  };
}
