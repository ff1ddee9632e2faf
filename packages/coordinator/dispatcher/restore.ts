// A coordinator that takes up the runs of a dead one knows its workers from their logs. They never hear of the change:
// each has one lease to say its next word.

import { lastWordUs, type StudyState } from '@fleetune/core';
import { mark } from '@fleetune/platform';
import type { ActiveStudy, DispatcherState } from './dispatcher-state.ts';
import { admit } from './leases.ts';
import { join } from './slot-time.ts';
import {
  NO_WAITS,
  occupy,
  workerRecord,
  type Occupant,
  type Slot,
  type WorkerRecord,
} from './worker-table.ts';

type KnownWorker = StudyState['workers'] extends Map<string, infer W> ? W : never;

export function restoreWorkers(state: DispatcherState, aliveAt: number): void {
  const { studies, options } = state;
  const latest = new Map<string, { known: KnownWorker; lastUs: number }>();
  for (const { host } of studies) {
    for (const known of host.state.workers.values()) {
      const other = latest.get(known.id);
      // Of a program with its own loop: it does not exchange.
      if (known.incarnation === undefined) continue;
      if (other !== undefined && other.known.joinedAt >= known.joinedAt) continue;
      latest.set(known.id, { known, lastUs: lastWordUs(host.state, known) });
    }
  }
  for (const { known, lastUs } of latest.values()) {
    if (state.workers.has(known.id)) continue;
    const { clock } = options;
    const { id, incarnation = '', host, pid, slots, joinedUs = 0 } = known;
    const words = { worker: id, incarnation, host, pid, slots: slots.length };
    // Its last word was about the dead coordinator's last.
    const seenMs = clock.monotonic() - Math.max(0, clock.now() - aliveAt);
    const worker = workerRecord(words, seenMs, joinedUs);
    worker.nowUs = lastUs;
    worker.knownUs = worker.nowUs;
    worker.knownMs = seenMs;
    worker.paused = pausedBecause(studies, worker);
    mark('worker-restored');
    admit(state, worker);
    for (const study of studies) takeUp(study, worker);
    worker.slots.forEach((slot, index) => seat(slot, claimsOn(worker, index)));
    for (const study of studies) if (!study.asked) join(study, worker, worker.nowUs);
  }
}

/** The dead one may have got to tell only some of the studies: nobody was told that the worker goes on. */
function pausedBecause(
  studies: readonly ActiveStudy[],
  { id, incarnation }: WorkerRecord,
): string | undefined {
  for (const { host } of studies) {
    const known = host.state.workers.get(id);
    if (known?.incarnation !== incarnation || known.held?.as !== 'drained') continue;
    return known.held.reason.text;
  }
  return undefined;
}

/** The slots that the study's log says are its own, and what runs there. */
function takeUp(study: ActiveStudy, worker: WorkerRecord): void {
  const { host } = study;
  const known = host.state.workers.get(worker.id);
  if (known?.incarnation !== worker.incarnation) return;
  known.slots.forEach(({ trial, reserve, cursorUs, elsewhere }, index) => {
    const slot = worker.slots[index]!;
    if (trial !== undefined) {
      holdFrom(slot, study, cursorUs);
      resume(study, worker, index, trial, false);
    } else if (!elsewhere && slot.occupant === undefined && isLater(slot, cursorUs)) {
      holdFrom(slot, study, cursorUs);
    }
    if (reserve !== undefined) resume(study, worker, index, reserve, true);
  });
}

function isLater({ holder, holderUs }: Slot, cursorUs: number): boolean {
  return holder === undefined || cursorUs > holderUs;
}

/** Live attempts on that slot, in the order of their starts. */
function claimsOn({ attempts }: WorkerRecord, slot: number): Occupant[] {
  const claims = attempts.filter((occupant) => occupant.slot === slot);
  return claims.sort((a, b) => startOf(a) - startOf(b) || Number(a.reserve) - Number(b.reserve));
}

function startOf({ study, trial, attempt }: Occupant): number {
  return study.host.state.trials[trial]!.attempts[attempt - 1]!.startedAt;
}

/**
 * Where one study's part of a turn was written and another's was not, more attempts live on a slot than fit. The latest
 * have it: whatever was started before a new one has ended, as its worker will say again.
 */
function seat(slot: Slot, claims: readonly Occupant[]): void {
  const begun = claims.findLastIndex(({ reserve }) => !reserve);
  const [occupant, reserve] = claims.slice(Math.max(begun, claims.length - 2));
  if (begun < 1 && claims.length < 3) return;
  slot.occupant = occupant;
  slot.reserve = reserve;
  for (const claim of claims) if (claim !== reserve) claim.study.reserves.delete(claim);
  occupant!.reserve = false;
}

function holdFrom(slot: Slot, { host }: ActiveStudy, cursorUs: number): void {
  slot.holder = host;
  slot.holderUs = cursorUs;
  slot.told = true;
}

function resume(
  study: ActiveStudy,
  worker: WorkerRecord,
  slot: number,
  trial: number,
  reserve: boolean,
): void {
  const { attempts } = study.host.state.trials[trial]!;
  occupy({
    study,
    worker,
    slot,
    trial,
    attempt: attempts.length,
    waits: NO_WAITS,
    sinceUs: worker.slots[slot]!.holderUs,
    // The answer that brought it may have been lost with the coordinator that gave it.
    answeredIn: attempts.at(-1)!.rows > 0 ? Infinity : 0,
    reportedIn: undefined,
    reserve,
    recalled: undefined,
    checkpoint: undefined,
    toldMs: undefined,
  });
}
