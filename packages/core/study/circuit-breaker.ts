// A broken node fails trial after trial in no time and would eat the whole study. A worker on which
// several trials in a row failed fast, while another one succeeds with its trials, is quarantined,
// and what it failed is given back.

import type { AttemptEnd, SlotUse, StudyEventBody, TrialState } from './event.ts';
import { gapQuantileUs } from './gap-histogram.ts';
import type { AttemptRecord, FastFailure, StudyState, TrialRecord, WorkerRecord } from './state.ts';

/** So many trials in a row. */
const TRIALS = 3;
/** A row may be longer before another worker has succeeded; so many of it are remembered to be given back. */
const REMEMBERED = 1000;
const FAST_MS = 10_000;
/** Of the median time of an attempt that came to a result. */
const FAST_SHARE = 0.1;

export interface Ended {
  end: AttemptEnd;
  use?: SlotUse;
  at: number;
}

/** It crashed soon after its start and without any report. */
export function failedFast(state: StudyState, attempt: AttemptRecord, ended: Ended): boolean {
  if (!isCrash(ended.end) || attempt.rows > 0) return false;
  const medianMs = gapQuantileUs(state.durations, 0.5) / 1000;
  return durationMs(attempt, ended) <= Math.max(FAST_MS, FAST_SHARE * medianMs);
}

/** How long it ran; when nobody saw it end, that time says nothing of a trial. */
export function durationMs(attempt: AttemptRecord, { use, end, at }: Ended): number {
  const { startedAt, reserve } = attempt;
  if (use !== undefined) return Math.max(0, use.exitedUs - use.spawnedUs) / 1000;
  return end === 'lost' || reserve ? 0 : Math.max(0, at - startedAt);
}

/** The worker's row of fast failures with one more. */
export function rowAfter({ row }: WorkerRecord, { number, attempts }: TrialRecord): FastFailure[] {
  const longer = [...row, { trial: number, attempt: attempts.length }];
  if (trialsIn(longer).length <= REMEMBERED) return longer;
  return longer.filter(({ trial }) => trial !== longer[0]!.trial);
}

/**
 * Other workers where the trial crashed at once: then it is its own doing and says nothing of any
 * of them. Those in quarantine do not count.
 */
export function crashedElsewhere(
  { quarantine }: StudyState,
  { attempts }: TrialRecord,
  worker: string,
): string[] {
  return attempts
    .filter(({ end, rows }) => isCrash(end) && rows === 0)
    .map((attempt) => attempt.worker)
    .filter((other) => other !== worker && quarantine[other] === undefined);
}

/** What follows from the end of a trial's live attempt, which leaves the trial in state `next`. */
export function breaker(
  state: StudyState,
  trial: TrialRecord,
  next: TrialState,
  ended: Ended,
): StudyEventBody[] {
  const attempt = trial.attempts.at(-1)!;
  const worker = state.workers.get(attempt.worker)!;
  if (!failedFast(state, attempt, ended)) return [];
  if (crashedElsewhere(state, trial, worker.id).length > 0) return [];
  const isNow = (number: number) => (number === trial.number ? next : state.trials[number]!.state);
  if (worker.held?.as === 'quarantined') {
    return givenBack(state, [{ trial: trial.number, attempt: trial.attempts.length }], isNow);
  }
  const row = rowAfter(worker, trial);
  const trials = trialsIn(row);
  if (trials.length < TRIALS) return [];
  if (![...state.workers.values()].some((other) => isHealthy(state, other))) return [];
  const last = trials.slice(-TRIALS).join(', ');
  const which =
    trials.length > TRIALS ? `${trials.length} trials, ${last} the last,` : `trials ${last}`;
  const text = `${which} crashed here at once, one after the other, while others succeed`;
  const reason = { code: 'fast-failures', text };
  return [
    { kind: 'worker-quarantined', v: 1, worker: worker.id, reason },
    ...givenBack(state, row, isNow),
  ];
}

/** Trials that have not come to another end since. */
function givenBack(
  state: StudyState,
  row: readonly FastFailure[],
  isNow: (trial: number) => TrialState,
): StudyEventBody[] {
  const reason = { code: 'bad-worker', text: 'its worker was put into quarantine' };
  return trialsIn(row).flatMap((trial): StudyEventBody[] => {
    const attempts = row.filter((it) => it.trial === trial).map(({ attempt }) => attempt);
    const now = isNow(trial);
    const ended = now === 'failed' || now === 'infeasible';
    const last = attempts.includes(state.trials[trial]!.attempts.length);
    const open = now === 'queued' || now === 'running' || now === 'paused';
    if (!open && !(ended && last)) return [];
    return [{ kind: 'trial-given-back', v: 1, trial, attempts, reason }];
  });
}

/** A worker that came to results or to reports of what it runs, and not to fast failures since. */
function isHealthy({ trials }: StudyState, { held, done, row, slots }: WorkerRecord): boolean {
  if (held !== undefined || row.length > 0) return false;
  return done > 0 || slots.some(({ trial }) => trial !== undefined && hasReported(trials[trial]!));
}

function hasReported({ attempts }: TrialRecord): boolean {
  return attempts.at(-1)!.rows > 0;
}

function trialsIn(row: readonly FastFailure[]): number[] {
  return [...new Set(row.map(({ trial }) => trial))];
}

function isCrash(end: AttemptEnd | undefined): boolean {
  return end === 'crashed' || end === 'out-of-memory';
}
