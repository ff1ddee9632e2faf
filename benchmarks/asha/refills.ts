import type { StudyEvent } from '@fleetune/core';

/**
 * Milliseconds from each decision to stop a trial until the next trial began on its slot.
 * `beganMs`: by trial, on the clock of the events. The last trial of a slot has none after it.
 */
export function refills(
  events: readonly StudyEvent[],
  beganMs: ReadonlyMap<number, number>,
): number[] {
  const nextOf = new Map<number, number>();
  const lastOn = new Map<string, number>();
  const stops: { trial: number; atMs: number }[] = [];
  for (const event of events) {
    if (event.kind === 'attempt-started') {
      const slot = `${event.worker}/${event.slot}`;
      const before = lastOn.get(slot);
      if (before !== undefined) nextOf.set(before, event.trial);
      lastOn.set(slot, event.trial);
    } else if (event.kind === 'rung-reached' && event.decision === 'stop') {
      stops.push({ trial: event.trial, atMs: event.at });
    }
  }
  return stops.flatMap(({ trial, atMs }) => {
    const next = nextOf.get(trial);
    const began = next === undefined ? undefined : beganMs.get(next);
    return began === undefined ? [] : [began - atMs];
  });
}
