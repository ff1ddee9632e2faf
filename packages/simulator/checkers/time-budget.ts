import { budgetEndsAt, type StudyState } from '@fleetune/core';
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
  /** Since when the budget of each study has been over, by what is on disk: nobody counts before. */
  const overSinceMs = new Map<string, number>();
  return {
    onStep() {
      const { site, clock, watch } = world;
      if (!steady || site === undefined) return;
      for (const host of site.hosts.values()) {
        const stored = watch.studies.get(host.id)!.state;
        // Who can write nothing can stop nothing: its successor does.
        if (site.disk.hasFailed(host.id) || !isOver(host.state, world) || !isOver(stored, world)) {
          overSinceMs.delete(host.name);
          continue;
        }
        const sinceMs = overSinceMs.get(host.name) ?? clock.monotonic();
        overSinceMs.set(host.name, sinceMs);
        if (host.killed || clock.monotonic() - sinceMs < SLACK_MS) continue;
        for (const trial of goingOn(host)) {
          broken(`trial ${trial} of ${host.name} goes on after the end of the time budget`);
        }
      }
    },
  };
};

function isOver(state: StudyState, { clock }: World): boolean {
  const endsAt = budgetEndsAt(state);
  return endsAt !== undefined && clock.now() >= Math.max(endsAt, state.run!.startedAt);
}

function goingOn({ state }: StudyHost): number[] {
  return [...state.live]
    .map((trial) => state.trials[trial]!)
    .filter(({ stopping, attempts }) => stopping === undefined && !attempts.at(-1)!.reserve)
    .map(({ number }) => number);
}
