// What a study keeps of its trials and workers, of which it has very many. A record has all usual keys from the
// start, undefined where nothing is known: V8 gives an object that is written as one literal just the
// room that its keys need, while one that grows key by key takes up to twice as much.

import type { Reason } from '../scheduler/scheduler.ts';
import type { AttemptRecord, SlotRecord, TrialRecord, WorkerRecord } from './state.ts';

/** Nothing yet, and for nearly all trials never anything: shared. */
export const NONE: readonly never[] = [];

/** The same record; its keys are in the same order, however they came, so that equal states give equal text. */
export function trialRecord(known: TrialRecord): TrialRecord {
  const record: TrialRecord = {
    number: known.number,
    state: known.state,
    params: known.params,
    sampler: known.sampler,
    origin: known.origin,
    reason: known.reason,
    attempts: known.attempts,
    createdAt: known.createdAt,
    createdEvent: known.createdEvent,
    passed: known.passed,
    metrics: known.metrics,
    reports: known.reports,
    recent: known.recent,
    warnings: known.warnings,
    ticket: known.ticket,
    startedAt: known.startedAt,
    value: known.value,
    step: known.step,
    stoppedRung: known.stoppedRung,
    stopping: known.stopping,
    endedAt: known.endedAt,
    endedEvent: known.endedEvent,
  };
  const { used, solo, discarded, corrected, outside, tail } = known;
  if (used !== undefined) record.used = used;
  if (solo !== undefined) record.solo = solo;
  if (discarded !== undefined) record.discarded = discarded;
  if (corrected !== undefined) record.corrected = corrected;
  if (outside !== undefined) record.outside = outside;
  if (tail !== undefined) record.tail = tail;
  return record;
}

export function attemptRecord(known: AttemptRecord): AttemptRecord {
  return {
    worker: known.worker,
    slot: known.slot,
    startedAt: known.startedAt,
    rows: known.rows,
    fidelityTarget: known.fidelityTarget,
    reserve: known.reserve,
    step: known.step,
    endedAt: known.endedAt,
    end: known.end,
    told: known.told,
    reason: known.reason,
    exit: known.exit,
    busyUs: known.busyUs,
  };
}

export function workerRecord(known: WorkerRecord): WorkerRecord {
  const record: WorkerRecord = {
    id: known.id,
    host: known.host,
    pid: known.pid,
    joinedAt: known.joinedAt,
    slots: known.slots.map(slotRecord),
    done: known.done,
    row: known.row,
  };
  const { incarnation, shared, joinedUs, unownedMs, held } = known;
  if (incarnation !== undefined) record.incarnation = incarnation;
  if (shared !== undefined) record.shared = shared;
  if (joinedUs !== undefined) record.joinedUs = joinedUs;
  if (unownedMs !== undefined) record.unownedMs = unownedMs;
  if (held !== undefined) record.held = held;
  return record;
}

function slotRecord({ cursorUs, used, unseen, trial, reserve, elsewhere }: SlotRecord): SlotRecord {
  const record: SlotRecord = { cursorUs, used, unseen, trial, reserve };
  if (elsewhere !== undefined) record.elsewhere = elsewhere;
  return record;
}

/** One object for equal reasons. */
export function sameAs(known: Reason | undefined, reason: Reason): Reason {
  return known?.code === reason.code && known.text === reason.text ? known : reason;
}
