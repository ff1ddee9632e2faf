import type { Reason } from '../scheduler/scheduler.ts';
import type { NextWork } from './command.ts';
import type { RunEnd } from './event.ts';
import { dequeue, peek, type Queue } from './queue.ts';
import { leader } from './standing.ts';
import {
  elapsedMs,
  lossOf,
  specOf,
  trialsUsed,
  type StudyState,
  type TrialRecord,
} from './state.ts';

/**
 * After this many crashes at the start, with nothing else seen, the program is broken (DESIGN
 * §15.5).
 */
const START_CRASHES = 3;

/**
 * What a free slot should do now. A pure question: the same answer until the next event, or until
 * time runs out.
 */
export function nextWork(state: StudyState, now: number): NextWork {
  const running = state.counts.running;
  const over = overBecause(state, now);
  if (over !== undefined) {
    if (running === 0) return { work: 'finished', ...over };
    return { work: 'wait', category: 'tail', reason: over.reason };
  }
  const queued = firstQueued(state);
  if (queued !== undefined) return { work: 'queued', trial: queued };
  const { trials } = specOf(state).budget;
  const left = trials === undefined || trialsUsed(state) < trials;
  if (left && !state.exhausted) return { work: 'suggest', trial: state.trials.length };
  const end = left
    ? { end: 'exhausted' as const, reason: EXHAUSTED }
    : { end: 'budget-trials' as const, reason: budgetReason(trials!) };
  if (running === 0) return { work: 'finished', ...end };
  return { work: 'wait', category: 'tail', reason: end.reason };
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
  const spec = specOf(state);
  const hit = targetHit(state);
  if (hit !== undefined) {
    const { metric } = spec.objective;
    const text = `trial ${hit} reached ${metric} ${spec.budget.target!}`;
    return { end: 'target', reason: { code: 'target', text } };
  }
  const endsAt = budgetEndsAt(state);
  const { timeMs } = spec.budget;
  const over = run === undefined ? elapsedMs(state, now) >= (timeMs ?? Infinity) : now >= endsAt!;
  if (timeMs !== undefined && over) {
    const text = `the time budget of ${timeMs / 1000} s is used up`;
    return { end: 'budget-time', reason: { code: 'budget-time', text } };
  }
  return undefined;
}

/**
 * When the time budget of the open run ends, milliseconds since the epoch; undefined without a
 * limit or a run.
 */
export function budgetEndsAt(state: StudyState): number | undefined {
  const timeMs = state.spec?.budget.timeMs;
  if (timeMs === undefined || state.run === undefined) return undefined;
  return state.run.startedAt + Math.max(0, timeMs - state.closedMs);
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

/** Feasible as far as is known: may lead. */
export function counts(trial: TrialRecord): boolean {
  return trial.state !== 'failed' && trial.state !== 'infeasible' && trial.state !== 'cancelled';
}

function firstQueued(state: StudyState): number | undefined {
  return front(state, state.requeued) ?? front(state, state.enqueued);
}

/**
 * Trials that ended while they waited are dropped when they come to the front; that changes no
 * answer.
 */
function front(state: StudyState, queue: Queue): number | undefined {
  for (let item = peek(queue); item !== undefined; item = peek(queue)) {
    if (state.trials[item]!.state === 'queued') return item;
    dequeue(queue);
  }
  return undefined;
}

const START_CRASH: Reason = {
  code: 'start-crash',
  text: `the first ${START_CRASHES} attempts crashed and none ever reported a value`,
};

const EXHAUSTED: Reason = { code: 'exhausted', text: 'nothing is left to propose in this space' };

function budgetReason(trials: number): Reason {
  return { code: 'budget-trials', text: `the budget of ${trials} trials is used up` };
}
