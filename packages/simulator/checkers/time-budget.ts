import { budgetEndsAt } from '@fleetune/core';
import type { StudyHost } from '@fleetune/coordinator';
import type { World } from '../world.ts';
import type { MakeChecker } from './watch.ts';

/** A moment of the clock, and no more. */
const SLACK_MS = 10;

/** At the end of the time budget whatever still runs has been told to stop. */
export const timeBudget: MakeChecker = (world, broken) => {
  const { perSecond } = world.scenario;
  // A timer can't know that the machine's clock was set forward, or that it stood still.
  const steady = perSecond['coordinator-clock'] + perSecond['coordinator-frozen'] === 0;
  return {
    onStep() {
      const { site } = world;
      if (!steady || site === undefined) return;
      for (const host of site.hosts.values()) {
        // Who can write nothing can stop nothing: its successor does.
        if (site.disk.hasFailed(host.id)) continue;
        for (const trial of goingOn(host, world)) {
          broken(`trial ${trial} of ${host.name} goes on after the end of the time budget`);
        }
      }
    },
  };
};

function goingOn({ state, killed }: StudyHost, { clock }: World): number[] {
  const endsAt = budgetEndsAt(state);
  if (endsAt === undefined || killed) return [];
  if (clock.now() < Math.max(endsAt, state.run!.startedAt) + SLACK_MS) return [];
  return [...state.live]
    .map((trial) => state.trials[trial]!)
    .filter(({ stopping, attempts }) => stopping === undefined && !attempts.at(-1)!.reserve)
    .map(({ number }) => number);
}
