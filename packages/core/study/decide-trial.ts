import { errorInfo, FleetuneError, type ErrorInfo } from '../errors/index.ts';
import type { Outcome, StudyCommand } from './command.ts';
import type { StudyEventBody } from './event.ts';
import { nextWork } from './next-work.ts';
import { spaceOf, specOf, trialsUsed, type StudyState, type WorkerRecord } from './state.ts';

type Of<K extends StudyCommand['kind']> = Extract<StudyCommand, { kind: K }>;
type AttemptStarted = Extract<StudyEventBody, { kind: 'attempt-started' }>;

export function decideStart(state: StudyState, command: Of<'start-attempt'>, now: number): Outcome {
  if (state.run === undefined) return { refused: errorInfo('study.not-running', '', {}) };
  const worker = state.workers.get(command.worker);
  if (worker === undefined) {
    return { refused: errorInfo('worker.unknown', 'worker', { worker: command.worker }) };
  }
  const { fromUs, reserve } = command;
  const slot = reserve ? reservable(state, worker, command.slot) : freeSlot(worker, command.slot);
  if (slot === undefined) {
    return { refused: errorInfo('worker.no-free-slot', 'worker', { worker: command.worker }) };
  }
  const next = nextWork(state, now, command.worker, reserve);
  if (next.work === 'wait' || next.work === 'finished') {
    return { refused: errorInfo('study.no-work', '', { why: next.reason.text }) };
  }
  const { fidelity } = specOf(state);
  const started: AttemptStarted = {
    kind: 'attempt-started',
    v: 1,
    trial: next.trial,
    attempt: (state.trials[next.trial]?.attempts.length ?? 0) + 1,
    worker: command.worker,
    slot,
  };
  if (fidelity !== undefined) started.fidelityTarget = fidelity.max;
  if (fromUs !== undefined) started.fromUs = fromUs;
  if (reserve) started.reserve = reserve;
  if (next.work === 'queued') return { events: [started] };
  const { suggestion } = command;
  if (suggestion === undefined) return { refused: errorInfo('input.missing', 'suggestion', {}) };
  const foreign = outsideSpace(state, suggestion.params);
  if (foreign !== undefined) return { refused: foreign };
  const { params, sampler, reason } = suggestion;
  const { trial } = next;
  return {
    events: [{ kind: 'trial-created', v: 1, trial, params, sampler, reason }, started],
  };
}

/** The named slot, or the worker's lowest free one. */
function freeSlot(worker: WorkerRecord, named: number | undefined): number | undefined {
  const free = (slot: number) => worker.slots[slot] !== undefined && !taken(worker, slot);
  if (named !== undefined) return free(named) ? named : undefined;
  const lowest = worker.slots.findIndex((_, slot) => free(slot));
  return lowest < 0 ? undefined : lowest;
}

/**
 * The named slot, if it runs a trial that nothing waits behind. A reproducible study's next trial
 * depends on the end of the one before: nothing waits.
 */
function reservable(
  state: StudyState,
  worker: WorkerRecord,
  named: number | undefined,
): number | undefined {
  const slot = named === undefined ? undefined : worker.slots[named];
  if (specOf(state).reproducible || slot?.trial === undefined) return undefined;
  return slot.reserve === undefined ? named : undefined;
}

function taken(worker: WorkerRecord, slot: number): boolean {
  return worker.slots[slot]?.trial !== undefined;
}

export function decideEnqueue(state: StudyState, command: Of<'enqueue'>): Outcome {
  const { trials } = specOf(state).budget;
  if (trials !== undefined && trialsUsed(state) >= trials) {
    return { refused: errorInfo('study.budget-used', 'budget.trials', { trials }) };
  }
  const space = spaceOf(state);
  const foreign = outsideSpace(state, command.params);
  if (foreign !== undefined) return { refused: foreign };
  const params = space.toParams(space.fromParams(command.params));
  const reason = { code: 'enqueued', text: 'enqueued by a person' };
  const trial = state.trials.length;
  return {
    events: [{ kind: 'trial-created', v: 1, trial, params, sampler: 'user', reason }],
  };
}

/** Why the params do not belong to the study's space. */
function outsideSpace(state: StudyState, params: Record<string, unknown>): ErrorInfo | undefined {
  try {
    const space = spaceOf(state);
    const coordinates = space.fromParams(params);
    if (space.satisfies(coordinates)) return undefined;
    return errorInfo('params.constraint', 'params', { params: JSON.stringify(params) });
  } catch (error) {
    if (error instanceof FleetuneError) return error.info;
    throw error;
  }
}
