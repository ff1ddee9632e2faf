import { budgetEndsAt } from '@fleetune/core';
import type { World } from '../simulation.ts';

/** A moment of the clock, and no more. */
const SLACK_MS = 10;

/** At the end of the time budget whatever still runs has been told to stop. */
export function checkTimeBudget({ site, clock }: World): string[] {
  const state = site?.host.state;
  const endsAt = state && budgetEndsAt(state);
  if (state === undefined || endsAt === undefined || site?.host.killed) return [];
  if (clock.now() < Math.max(endsAt, state.run!.startedAt) + SLACK_MS) return [];
  return [...state.live]
    .map((trial) => state.trials[trial]!)
    .filter(({ stopping, attempts }) => stopping === undefined && !attempts.at(-1)!.reserve)
    .map(({ number }) => `trial ${number} goes on after the end of the time budget`);
}
