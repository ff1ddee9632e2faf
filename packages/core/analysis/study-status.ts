import type { Reason } from '../scheduler/scheduler.ts';
import { waitingIn } from '../study/lanes.ts';
import { reserves } from '../study/reserves.ts';
import {
  elapsedMs,
  liveAttempt,
  schedulerOf,
  specOf,
  trialsUsed,
  type StudyState,
  type TrialRecord,
} from '../study/state.ts';
import { toWire } from '../study/wire-number.ts';
import { baselineOf, bestAtRung, frontOf, incumbentOf } from './incumbent.ts';
import { remainingMs } from './remaining-time.ts';
import type { RunningAttempt, StudyStatus } from './status.ts';
import { utilization, type LiveWorker } from './utilization.ts';

/**
 * What everyone who looks at the study sees; O(slots + rungs + workers). `live` adds the time that the log
 * does not have yet.
 */
export function studyStatus(
  state: StudyState,
  now: number,
  live?: readonly LiveWorker[],
): StudyStatus {
  const spec = specOf(state);
  const etaMs = state.run && remainingMs(state, now);
  const lead = incumbentOf(state);
  const defaults = baselineOf(state);
  const used = utilization(state, live);
  const lastFailure = failureOf(state);
  const held = heldWorkers(state);
  const solo = soloTrials(state);
  const waiting = reserves(state);
  const pausedTrials = trialsWithReasons(
    state,
    [...state.pausedTrials].sort((a, b) => a - b),
  );
  return {
    name: spec.name,
    state: state.run !== undefined ? 'running' : state.runs === 0 ? 'created' : 'ended',
    ...(state.end && { end: state.end }),
    ...(state.run?.resumed !== undefined && { resumed: state.run.resumed }),
    ...(state.paused && {
      paused: { sinceMs: state.paused.at, reason: state.paused.reason },
    }),
    objective: spec.objective,
    ...(spec.objectives && { objectives: spec.objectives }),
    ...(spec.outcomeConstraints && { outcomeConstraints: spec.outcomeConstraints }),
    ...(spec.fidelity && { fidelity: spec.fidelity }),
    seed: spec.seed,
    sampler: spec.sampler.type,
    scheduler: spec.scheduler.type,
    budget: spec.budget,
    trialsUsed: trialsUsed(state),
    trials: { ...state.counts },
    elapsedMs: elapsedMs(state, now),
    ...(etaMs !== undefined && { etaMs }),
    ...(lead && { incumbent: lead }),
    ...(spec.objectives && { front: frontOf(state) }),
    ...(defaults && { baseline: defaults }),
    running: runningAttempts(state),
    ...(held.length > 0 && { held }),
    ...(solo.length > 0 && { solo }),
    ...(waiting.length > 0 && { reserves: waiting }),
    ...(pausedTrials.length > 0 && { pausedTrials }),
    rungs: rungsOf(state),
    ...(spec.fidelity && { stopping: { spent: state.spent, saved: state.saved } }),
    ...(used && { utilization: used }),
    failures: { ...state.failures },
    ...(lastFailure && { lastFailure }),
    lastEvent: state.lastEvent,
  };
}

function runningAttempts(state: StudyState): RunningAttempt[] {
  return runningTrials(state)
    .sort((a, b) => a.number - b.number)
    .map((trial) => {
      const attempt = liveAttempt(trial)!;
      const { worker, startedAt, fidelityTarget } = attempt;
      const { number, value, attempts } = trial;
      return {
        trial: number,
        attempt: attempts.length,
        begun: attempts.filter(({ reserve }) => !reserve).length,
        worker,
        params: trial.params,
        sinceMs: startedAt,
        ...(fidelityTarget !== undefined && { fidelityTarget }),
        ...(attempt.step !== undefined && { step: attempt.step }),
        ...(value !== undefined && { value: toWire(value) }),
        stopping: trial.stopping !== undefined,
        ...(trial.solo && { solo: trial.solo }),
      };
    });
}

/** Without the reserves, which have an attempt too. */
function runningTrials(state: StudyState): TrialRecord[] {
  return [...state.live]
    .map((number) => state.trials[number]!)
    .filter((trial) => trial.state === 'running');
}

function heldWorkers(state: StudyState): NonNullable<StudyStatus['held']> {
  return [...state.workers.values()].flatMap(({ id, host, held }) =>
    held === undefined ? [] : [{ worker: id, host, ...held }],
  );
}

function soloTrials(state: StudyState): NonNullable<StudyStatus['solo']> {
  const waiting = waitingIn(state, state.solo).map(({ trial }) => trial);
  return trialsWithReasons(state, waiting);
}

function trialsWithReasons(
  state: StudyState,
  trials: number[],
): { trial: number; reason: Reason }[] {
  return trials.map((trial) => ({ trial, reason: state.trials[trial]!.reason }));
}

/** Enough to see where trials stop. */
const SHOWN_RUNGS = 12;

/** The rungs, or an even choice of them, each with the stops since the one before it. */
function rungsOf(state: StudyState): StudyStatus['rungs'] {
  const { rungs } = schedulerOf(state);
  const shown = Math.min(SHOWN_RUNGS, rungs.length);
  const last = rungs.length - 1;
  let next = 0;
  return Array.from({ length: shown }, (_, i) => {
    const rung = shown === 1 ? last : Math.round((i * last) / (shown - 1));
    const stops = state.stoppedAt.slice(next, rung + 1);
    next = rung + 1;
    const best = bestAtRung(state, rung);
    return {
      fidelity: rungs[rung]!,
      reached: state.reachedAt[rung] ?? 0,
      stopped: stops.reduce((sum, count) => sum + count, 0),
      ...(best !== undefined && { best }),
    };
  });
}

function failureOf(state: StudyState): StudyStatus['lastFailure'] {
  if (state.lastFailure === undefined) return undefined;
  const { trial: number, attempt: attemptNumber } = state.lastFailure;
  const trial = state.trials[number]!;
  const attempt = trial.attempts[attemptNumber - 1]!;
  return {
    trial: number,
    attempt: attemptNumber,
    end: attempt.end!,
    reason: attempt.reason!,
    ...(trial.tail && { tail: trial.tail }),
  };
}
