import { budgetEndsAt } from '@fleetune/core';
import type { StudyHost } from '@fleetune/coordinator';
import type { World } from '../world.ts';

/** A moment of the clock, and no more. */
const SLACK_MS = 10;

/** At the end of the time budget whatever still runs has been told to stop. */
export function checkTimeBudget({ site, clock }: World): string[] {
  return [...(site?.hosts.values() ?? [])].flatMap((host) => checkStudy(host, clock));
}

function checkStudy({ state, killed }: StudyHost, clock: World['clock']): string[] {
  const endsAt = budgetEndsAt(state);
  if (endsAt === undefined || killed) return [];
  if (clock.now() < Math.max(endsAt, state.run!.startedAt) + SLACK_MS) return [];
  return [...state.live]
    .map((trial) => state.trials[trial]!)
    .filter(({ stopping, attempts }) => stopping === undefined && !attempts.at(-1)!.reserve)
    .map(({ number }) => `trial ${number} goes on after the end of the time budget`);
}
