import type { StudyCommand, Suggestion } from '@fleetune/core';
import type { Assignment } from '@fleetune/protocol';
import { stopAsking, type ActiveStudy, type DispatcherState } from './dispatcher-state.ts';
import { programOf } from './program.ts';
import { ownSinceUs, takeSlot } from './slot-time.ts';
import { nothing, type Nothing, type Work } from './work.ts';
import { clockOf } from './worker-clock.ts';
import { NO_WAITS, occupy, takeWaits, type Occupant, type WorkerRecord } from './worker-table.ts';

type StartAttempt = Extract<StudyCommand, { kind: 'start-attempt' }>;

interface Place {
  worker: WorkerRecord;
  slot: number;
  reserve: boolean;
}

/** Starts an attempt of the study's next trial there, or says what it waits for. */
export function startNext(
  state: DispatcherState,
  study: ActiveStudy,
  next: Work,
  { worker, slot: index, reserve }: Place,
): Occupant | Nothing {
  const suggestion = suggestionFor(study, next);
  if (suggestion !== undefined && 'wait' in suggestion) return suggestion;
  const nowMs = state.options.clock.monotonic();
  const slot = worker.slots[index]!;
  const { host } = study;
  const fromUs = ownSinceUs(host, worker, slot);
  const command: StartAttempt = { kind: 'start-attempt', worker: worker.id, slot: index };
  if (suggestion !== undefined) command.suggestion = suggestion;
  if (reserve) command.reserve = true;
  else if (fromUs !== undefined) command.fromUs = fromUs;
  const refused = host.apply(command);
  if (refused !== undefined) return nothing('decision', refused.code, refused.message);
  if (!reserve) takeSlot(host, worker, index, nowMs);
  stopAsking(state, slot);
  const occupant: Occupant = {
    study,
    worker,
    slot: index,
    trial: next.trial,
    attempt: host.state.trials[next.trial]!.attempts.length,
    waits: reserve ? NO_WAITS : takeWaits(slot, nowMs),
    sinceUs: clockOf(worker, nowMs),
    answeredIn: 0,
    reportedIn: undefined,
    reserve,
    recalled: undefined,
    checkpoint: undefined,
    toldMs: undefined,
  };
  occupy(occupant);
  return occupant;
}

/**
 * Whether the answer to a request of that number, which offers its slot, has to have it. No worker offers a slot again
 * before it has heard the answer: where it does, that was lost, or went to a copy of an old request that came late.
 */
export function isUnheard({ answeredIn }: Occupant, seq: number): boolean {
  return answeredIn < seq;
}

/** What the worker is told to run, in the answer to that request. */
export function assignmentOf(state: DispatcherState, occupant: Occupant, seq: number): Assignment {
  const { study, trial, attempt, slot, reserve } = occupant;
  occupant.answeredIn = seq;
  const {
    name,
    state: { spec, trials },
  } = study.host;
  const { createdAt, params } = trials[trial]!;
  const assignment: Assignment = {
    study: name,
    trial,
    attempt,
    slot,
    createdAt,
    params,
    leaseMs: state.options.leaseTtlMs,
    program: programOf(study),
  };
  if (spec!.fidelity !== undefined) assignment.fidelityTarget = spec!.fidelity.max;
  if (reserve) assignment.reserve = true;
  return assignment;
}

function suggestionFor(study: ActiveStudy, next: Work): Suggestion | Nothing | undefined {
  if (next.work === 'queued') return undefined;
  const answer = study.host.suggest(next.trial);
  if (answer === 'pending') {
    // The dispatcher is woken when it is there.
    study.dry = 'pending';
    return nothing('suggestion', 'suggestion', 'the sampler is thinking');
  }
  if (!('exhausted' in answer)) return answer;
  study.dry = 'exhausted';
  return nothing('tail', 'exhausted', 'the sampler has nothing left to propose');
}
