import type { StudyEvent } from '@fleetune/core';
import type { MakeChecker } from './watch.ts';

interface Lease {
  attempt: number;
  slot: string;
}

/** What each slot runs, and what waits behind that, by trial. */
interface Place {
  trial?: number;
  reserve?: number;
}

interface Leases {
  /** By trial, of those that have one. */
  live: Map<number, Lease>;
  attempts: Map<number, number>;
  slots: Map<string, Place>;
}

type Of<K extends StudyEvent['kind']> = Extract<StudyEvent, { kind: K }>;

/** One accepted attempt of a trial at a time, one trial and one reserve on a slot; nothing is heard of the dead. */
export const oneAttempt: MakeChecker = (_world, broken) => {
  const studies = new Map<number, Leases>();
  return {
    onEvent(event, { id, name }) {
      const leases = studies.get(id) ?? { live: new Map(), attempts: new Map(), slots: new Map() };
      studies.set(id, leases);
      const wrong = (what: string): void => broken(`${name}, event ${event.id}: ${what}`);
      if (event.kind === 'attempt-started') begin(leases, event, wrong);
      else if (event.kind === 'attempt-ended') end(leases, event, wrong);
      else if (event.kind === 'reports') {
        for (const { trial, attempt } of event.items) {
          if (leases.live.get(trial)?.attempt === attempt) continue;
          wrong(`reports of ${trial}.${attempt}, which is not the live attempt`);
        }
      } else if (event.kind === 'trial-ended' && leases.live.has(event.trial)) {
        wrong(`trial ${event.trial} ended with a live attempt`);
      }
    },
  };
};

function begin(
  { live, attempts, slots }: Leases,
  { trial, attempt, worker, slot, reserve }: Of<'attempt-started'>,
  wrong: (what: string) => void,
): void {
  const name = `${worker}/${slot}`;
  if (live.has(trial)) wrong(`trial ${trial} has two live attempts`);
  if (attempt !== (attempts.get(trial) ?? 0) + 1) wrong(`${trial}.${attempt} is out of turn`);
  const place = slots.get(name) ?? {};
  if (reserve) {
    if (place.trial === undefined) wrong(`${trial} waits behind nothing on ${name}`);
    if (place.reserve !== undefined) wrong(`${trial} is the second that waits on ${name}`);
    place.reserve = trial;
  } else {
    if (place.trial !== undefined) wrong(`${trial} was started on the busy slot ${name}`);
    place.trial = trial;
  }
  slots.set(name, place);
  live.set(trial, { attempt, slot: name });
  attempts.set(trial, attempt);
}

/** What waits behind a trial begins when that ends. */
function end(
  { live, slots }: Leases,
  { trial, attempt }: Of<'attempt-ended'>,
  wrong: (what: string) => void,
): void {
  const lease = live.get(trial);
  if (lease?.attempt !== attempt) return wrong(`the end of ${trial}.${attempt}, which is not live`);
  live.delete(trial);
  const place = slots.get(lease.slot)!;
  const next = place.trial === trial ? place.reserve : undefined;
  if (place.trial === trial) delete place.trial;
  delete place.reserve;
  if (next !== undefined) place.trial = next;
}
