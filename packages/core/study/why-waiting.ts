import type { Reason } from '../scheduler/scheduler.ts';
import { waitingIn } from './lanes.ts';
import { heldBack, overBecause } from './next-work.ts';
import { soloHost } from './solo.ts';
import type { StudyState, TrialRecord } from './state.ts';

/** What a trial that is queued or paused waits for; undefined for any other. A pure question, as `nextWork`. */
export function whyWaiting(state: StudyState, number: number, now: number): Reason | undefined {
  const trial = state.trials[number]!;
  if (trial.state === 'paused') return PAUSED;
  if (trial.state !== 'queued') return undefined;
  if (state.run === undefined) return NO_RUN;
  const over = overBecause(state, now);
  if (over !== undefined) return over.reason;
  const workers = [...state.workers.values()];
  if (workers.length === 0) return NO_WORKER;
  // Held back on each: what holds back one of them says why.
  const held = workers.map((worker) => heldBack(state, worker, false));
  const reason = held.every((one) => one !== undefined) ? held[0]?.reason : undefined;
  if (reason !== undefined) return reason;
  return trial.solo === true ? waitsAlone(state) : waitsInLine(state, trial);
}

function waitsAlone(state: StudyState): Reason {
  const host = soloHost(state);
  const where = host === undefined ? 'a worker' : `worker ${host}`;
  return { code: 'solo.waiting', text: `${where} has to be free of other trials first` };
}

function waitsInLine(state: StudyState, trial: TrialRecord): Reason {
  const line = [...waitingIn(state, state.requeued), ...waitingIn(state, state.enqueued)];
  const before = line.findIndex((place) => place.trial === trial.number);
  const ahead = before === 1 ? '1 queued trial is' : `${before} queued trials are`;
  const text = before === 0 ? 'next in line: the first free slot takes it' : `${ahead} before it`;
  return { code: 'in-line', text };
}

const PAUSED: Reason = { code: 'paused', text: 'somebody has to resume it' };
const NO_RUN: Reason = { code: 'no-run', text: 'nobody runs the study now' };
const NO_WORKER: Reason = { code: 'no-worker', text: 'no worker serves the study now' };
