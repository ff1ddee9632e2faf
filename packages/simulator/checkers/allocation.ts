import type { MakeChecker } from './watch.ts';

const LEASE_MS = 15_000;

/** Studies that share workers never have more of their time than there was: no slot's time is counted twice. */
export const allocation: MakeChecker = (world, broken) => ({
  onFinish() {
    const { scenario, machines, clock, awayMs, sites, watch } = world;
    let there = 0;
    for (const { slotUs, life, bornMs } of machines) {
      there += slotUs + (life.dead ? 0 : (clock.monotonic() - bornMs) * 1000 * scenario.slots);
    }
    let booked = 0;
    for (const { state } of watch.studies.values()) booked += state.ledger.totals.allocatedUs;
    // Of a process that was killed while its coordinator was away, or just before, nobody knows when: it may count for
    // that long, and for a lease.
    const unseenMs =
      awayMs + LEASE_MS * (sites - 1) + scenario.perSecond['coordinator-frozen'] * 1e6;
    const unseen = (unseenMs + 1_000) * 1000 * machines.length * scenario.slots;
    const asked = scenario.studies.some(({ askers }) => askers !== undefined);
    if (asked || booked <= there + unseen) return;
    broken(`${booked} us of ${there} us of slot time are booked`);
  },
});
