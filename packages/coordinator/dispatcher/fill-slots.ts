import type { Reason, Suggestion } from '@fleetune/core';
import type { Assignment } from '@fleetune/protocol';
import { EXHAUSTED } from '../study-run.ts';
import type { ActiveStudy, DispatcherState } from './dispatcher-state.ts';
import { programOf } from './program.ts';
import {
  clockOf,
  holdSlot,
  takeWaits,
  type Slot,
  type SlotWait,
  type WorkerRecord,
} from './worker-table.ts';

/** The next trial for each of the worker's free slots; a slot without one carries the cause of its wait. */
export function fillSlots(
  state: DispatcherState,
  worker: WorkerRecord,
  free: readonly number[],
): Assignment[] {
  const trials: Assignment[] = [];
  for (const index of free) {
    const slot = worker.slots[index];
    // An assignment may be on its way while the worker still calls the slot free.
    if (slot === undefined || slot.occupant !== undefined) continue;
    const assignment = nextFor(state, worker, index, slot);
    if (assignment !== undefined) trials.push(assignment);
  }
  return trials;
}

function nextFor(
  state: DispatcherState,
  worker: WorkerRecord,
  index: number,
  slot: Slot,
): Assignment | undefined {
  const { clock } = state.options;
  const leaving = state.quit ?? state.draining ?? worker.leave?.reason;
  if (worker.draining || leaving !== undefined) {
    const text = leaving ?? 'the worker is leaving';
    holdSlot(slot, { category: 'drained', reason: { code: 'leaving', text } }, clock.monotonic());
    return undefined;
  }
  for (const study of state.studies) {
    if (study.asked) continue;
    const trial = startTrial(state, study, worker, index, slot);
    if (trial !== undefined) return assign(state, study, worker, index, trial);
  }
  return undefined;
}

const CLOSED: Reason = { code: 'closing', text: 'the study is coming to its end' };
const SUGGESTION: SlotWait = {
  category: 'suggestion',
  reason: { code: 'suggestion', text: 'the sampler is thinking' },
};

/** Number of the trial that was started on the slot. */
function startTrial(
  state: DispatcherState,
  study: ActiveStudy,
  worker: WorkerRecord,
  index: number,
  slot: Slot,
): number | undefined {
  const { clock, onFinished } = state.options;
  const { host } = study;
  const wait = (category: 'decision' | 'tail' | 'drained', reason: Reason): undefined => {
    holdSlot(slot, { category, reason }, clock.monotonic());
    if (host.state.live.size === 0) onFinished(host);
  };
  if (study.closed) return wait('drained', CLOSED);
  const next = host.nextWork(worker.id);
  if (next.work === 'wait') {
    // Even with nothing running, more may come: a pause ends, a worker is released.
    holdSlot(slot, next, clock.monotonic());
    return undefined;
  }
  if (next.work === 'finished') return wait('tail', next.reason);
  let suggestion: Suggestion | undefined;
  if (next.work === 'suggest') {
    holdSlot(slot, SUGGESTION, clock.monotonic());
    const answer = host.suggest(next.trial);
    // The coordinator is woken when it is there.
    if (answer === 'pending') return undefined;
    if ('exhausted' in answer) return wait('tail', EXHAUSTED.reason);
    suggestion = answer;
  }
  const refused = host.apply({
    kind: 'start-attempt',
    worker: worker.id,
    slot: index,
    ...(suggestion && { suggestion }),
  });
  return refused === undefined ? next.trial : undefined;
}

function assign(
  state: DispatcherState,
  { host, files }: ActiveStudy,
  worker: WorkerRecord,
  index: number,
  trial: number,
): Assignment {
  const { clock, leaseTtlMs } = state.options;
  const slot = worker.slots[index]!;
  const record = host.state.trials[trial]!;
  const spec = host.state.spec!;
  const attempt = record.attempts.length;
  const nowMs = clock.monotonic();
  const waits = takeWaits(slot, nowMs);
  const sinceUs = clockOf(worker, nowMs);
  slot.occupant = { host, trial, attempt, waits, sinceUs, toldMs: undefined };
  return {
    study: host.name,
    trial,
    attempt,
    slot: index,
    params: record.params,
    ...(spec.fidelity && { fidelityTarget: spec.fidelity.max }),
    leaseMs: leaseTtlMs,
    program: programOf(spec, files),
  };
}
