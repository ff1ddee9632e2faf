import type { StudyEvent } from '@fleetune/core';

/** When the function of an attempt was called, on the clock of the events. */
export interface Begin {
  trial: number;
  attempt: number;
  atMs: number;
}

/** Milliseconds from each decision to stop a trial until the next one began on its slot; the last of a slot has none. */
export function refills(events: readonly StudyEvent[], begins: readonly Begin[]): number[] {
  const slotOf = new Map<string, string>();
  for (const event of events) {
    if (event.kind === 'attempt-started') slotOf.set(key(event), `${event.worker}/${event.slot}`);
  }
  const nextOf = new Map<string, Begin>();
  const onSlot = Map.groupBy(begins, (begin) => slotOf.get(key(begin)));
  for (const all of onSlot.values()) {
    // Not in the order of the log: a reserve may have been given back, and have begun elsewhere.
    const inTime = all.toSorted((a, b) => a.atMs - b.atMs);
    inTime.forEach((begin, index) => {
      const next = inTime[index + 1];
      if (next !== undefined) nextOf.set(key(begin), next);
    });
  }
  return events.flatMap((event) => {
    if (event.kind !== 'rung-reached' || event.decision !== 'stop') return [];
    const next = nextOf.get(key(event));
    return next === undefined ? [] : [next.atMs - event.at];
  });
}

function key({ trial, attempt }: { trial: number; attempt: number }): string {
  return `${trial}.${attempt}`;
}
