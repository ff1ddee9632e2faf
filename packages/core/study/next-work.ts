import type { Reason } from '../scheduler/scheduler.ts';
import type { NextWork } from './command.ts';
import type { RunEnd } from './event.ts';
import { firstIn } from './lanes.ts';
import { soloWait, soloWork } from './solo.ts';
import { leader } from './standing.ts';
import {
  counts,
  elapsedMs,
  lossOf,
  specOf,
  trialsUsed,
  type StudyState,
  type WorkerRecord,
} from './state.ts';

/**
 * After this many crashes at the start, with nothing else seen, the program is broken (DESIGN
 * §15.5).
 */
const START_CRASHES = 3;

/**
 * What a free slot should do now: one of `worker`'s, or of any worker that is idle and willing. A
 * pure question: the same answer until the next event, or until time runs out. `reserve`: what may
 * wait on `worker` behind a trial of this study.
 */
export function nextWork(
  state: StudyState,
  now: number,
  worker?: string,
  reserve = false,
): NextWork {
  const running = state.counts.running;
  const over = overBecause(state, now);
  if (over !== undefined) {
    if (running === 0) return { work: 'finished', ...over };
    return { work: 'wait', category: 'tail', reason: over.reason };
  }
  const asking = worker === undefined ? undefined : state.workers.get(worker);
  const end = nothingLeft(state);
  if (end !== undefined && running === 0) return { work: 'finished', ...end };
  const wait = heldBack(state, asking, reserve);
  if (end === undefined && wait !== undefined) return { work: 'wait', ...wait };
  const solo = soloWork(state, asking);
  if (solo !== undefined) return { work: 'queued', trial: solo, solo: true };
  const queued = firstIn(state, 'requeued') ?? firstIn(state, 'enqueued');
  if (queued !== undefined) return { work: 'queued', trial: queued };
  const spent = searchEnd(state);
  if (spent === undefined) return { work: 'suggest', trial: state.trials.length };
  const reason = firstIn(state, 'solo') === undefined ? spent.reason : SOLO;
  return { work: 'wait', category: 'tail', reason };
}

/** Why what waits on the worker behind other trials may not begin, should they end now. */
export function mustWait(state: StudyState, now: number, worker: string): Reason | undefined {
  const held = heldBack(state, state.workers.get(worker), true);
  return (overBecause(state, now) ?? held)?.reason;
}

/** Nothing is queued, and no new trial may come. */
function nothingLeft(state: StudyState): { end: RunEnd; reason: Reason } | undefined {
  if (state.counts.queued > 0) return undefined;
  return searchEnd(state);
}

/** Why no new trial may come. */
function searchEnd(state: StudyState): { end: RunEnd; reason: Reason } | undefined {
  const { trials } = specOf(state).budget;
  if (trials !== undefined && trialsUsed(state) >= trials) {
    return { end: 'budget-trials', reason: budgetReason(trials) };
  }
  return state.exhausted ? { end: 'exhausted', reason: EXHAUSTED } : undefined;
}

/** Why there is work, but not for this slot now. */
export function heldBack(
  state: StudyState,
  worker: WorkerRecord | undefined,
  reserve: boolean,
): { category: 'decision' | 'drained'; reason: Reason } | undefined {
  const { paused, run } = state;
  if (paused !== undefined) return { category: 'drained', reason: paused.reason };
  // A reserve begins when another one ends.
  if (run?.limit !== undefined && state.counts.running >= run.limit + (reserve ? 1 : 0)) {
    const text = `the study may use ${run.limit} slots now`;
    return { category: 'drained', reason: { code: 'slots', text } };
  }
  if (worker?.held !== undefined) return { category: 'drained', reason: worker.held.reason };
  const reason = worker && soloWait(state, worker);
  return reason && { category: 'decision', reason };
}

/** Why nothing more may be started, whatever is queued. */
export function overBecause(
  state: StudyState,
  now: number,
): { end: RunEnd; reason: Reason } | undefined {
  const { start, run } = state;
  const keepGoing = run?.keepGoing ?? false;
  if (!keepGoing && !start.reported && start.ended >= START_CRASHES) {
    if (start.crashed === start.ended) return { end: 'start-crash', reason: START_CRASH };
  }
  return limitReached(state, now);
}

/** Why what still runs may not go on either. */
export function limitReached(
  state: StudyState,
  now: number,
): { end: 'target' | 'budget-time'; reason: Reason } | undefined {
  const spec = specOf(state);
  const hit = targetHit(state);
  if (hit !== undefined) {
    const { metric } = spec.objective;
    const text = `trial ${hit} reached ${metric} ${spec.budget.target!}`;
    return { end: 'target', reason: { code: 'target', text } };
  }
  const endsAt = budgetEndsAt(state);
  const { timeMs } = spec.budget;
  // Compared with the very time that a timer was set to.
  const used = endsAt === undefined ? elapsedMs(state, now) >= (timeMs ?? Infinity) : now >= endsAt;
  if (timeMs !== undefined && used) {
    const text = `the time budget of ${timeMs / 1000} s is used up`;
    return { end: 'budget-time', reason: { code: 'budget-time', text } };
  }
  return undefined;
}

/**
 * When the time budget of the open run ends, milliseconds since the epoch; undefined without a
 * limit or a run, and in a pause.
 */
export function budgetEndsAt(state: StudyState): number | undefined {
  const timeMs = state.spec?.budget.timeMs;
  if (timeMs === undefined || state.run === undefined || state.paused) return undefined;
  return state.run.since + Math.max(0, timeMs - state.closedMs);
}

/** The trial at full fidelity that reaches the target. */
export function targetHit(state: StudyState): number | undefined {
  const spec = specOf(state);
  const { target } = spec.budget;
  if (target === undefined) return undefined;
  const lead = leader(state.standing, (trial) => counts(state.trials[trial]!));
  if (lead === undefined || lead.level !== state.standing.levels.length - 1) return undefined;
  return lead.loss <= lossOf(spec, target) ? lead.trial : undefined;
}

const START_CRASH: Reason = {
  code: 'start-crash',
  text: `the first ${START_CRASHES} attempts crashed and none ever reported a value`,
};

const SOLO: Reason = {
  code: 'solo.waiting',
  text: 'a trial that has to be alone waits for a worker without others',
};

const EXHAUSTED: Reason = { code: 'exhausted', text: 'nothing is left to propose in this space' };

function budgetReason(trials: number): Reason {
  return { code: 'budget-trials', text: `the budget of ${trials} trials is used up` };
}
