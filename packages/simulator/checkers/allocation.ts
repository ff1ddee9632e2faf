import { replay } from '@fleetune/core';
import type { World } from '../world.ts';

/** Studies that share workers never have more of their time than there was: no slot's time is counted twice. */
export function checkAllocation({ store, scenario, machines, clock, awayMs }: World): string[] {
  let there = 0;
  for (const { slotUs, life, bornMs } of machines) {
    there += slotUs + (life.dead ? 0 : (clock.monotonic() - bornMs) * 1000 * scenario.slots);
  }
  let booked = 0;
  for (const { spec } of scenario.studies) {
    booked += replay(store.events(store.study(spec.name)!.id, 0)).ledger.totals.allocatedUs;
  }
  // Of a process that was killed while its coordinator was away nobody knows when: it may count for that long.
  const unseen = (awayMs + 1_000) * 1000 * scenario.workers * scenario.slots;
  if (booked <= there + unseen) return [];
  return [`${booked} us of ${there} us of slot time are booked`];
}
