// What a study has for a slot now, and why it has nothing.

import {
  formatDuration,
  predictedMs,
  usualLength,
  type NextWork,
  type Reason,
  type UsualLength,
} from '@fleetune/core';
import { beyondLimit } from '../run-limit.ts';
import type { ActiveStudy, DispatcherState } from './dispatcher-state.ts';
import type { SlotWait, WaitCategory, WorkerRecord } from './worker-table.ts';

export type Work = Extract<NextWork, { work: 'queued' | 'suggest' }>;

export interface Nothing {
  wait: SlotWait;
}

/** For a slot of the worker, or of any idle and willing one; `reserve`: behind a trial of the study. */
export function workOf(study: ActiveStudy, worker?: WorkerRecord, reserve = false): Work | Nothing {
  const { host, closed, limit } = study;
  if (closed) return nothing('drained', 'closing', 'the study is coming to its end');
  const next = host.nextWork(worker?.id, reserve);
  if (next.work === 'wait') return { wait: next };
  if (next.work === 'finished') return { wait: { category: 'tail', reason: next.reason } };
  const beyond = beyondLimit(host.state, limit, reserve);
  if (beyond !== undefined) return { wait: { category: 'drained', reason: beyond } };
  const unfit = worker && (crowded(study, worker, next) ?? outlasting(study, worker, next));
  return unfit ?? dryness(study, next) ?? next;
}

/**
 * The study with the fewest running trials comes first, the oldest among equals; as it would be without one trial of
 * `ending`.
 */
export function byShare(
  { studies }: DispatcherState,
  ending?: ActiveStudy,
): readonly ActiveStudy[] {
  if (studies.length === 1 && !studies[0]!.asked) return studies;
  const working = studies.filter(({ asked }) => !asked);
  if (working.length < 2) return working;
  const running = (study: ActiveStudy): number =>
    study.host.state.counts.running - (study === ending ? 1 : 0);
  return working.sort((a, b) => running(a) - running(b));
}

/** Whether an idle and willing worker would get a trial now. */
export function hasWork(state: DispatcherState): boolean {
  if ((state.quit ?? state.draining) !== undefined) return false;
  return state.studies.some((study) => !study.asked && !('wait' in workOf(study)));
}

/** Why idle slots idle, as far as it is the same for all of them. */
export function moodOf({ studies }: DispatcherState): string {
  const codes = studies.map((study) => {
    const next = workOf(study);
    return 'wait' in next ? next.wait.reason.code : next.work;
  });
  return codes.join();
}

export function nothing(category: WaitCategory, code: string, text: string): Nothing {
  return { wait: { category, reason: { code, text } } };
}

/** A trial that needs a worker for itself shares it with no other study's either. */
function crowded(study: ActiveStudy, worker: WorkerRecord, next: Work): Nothing | undefined {
  if (next.work === 'queued' && next.solo && worker.attempts.length > 0) {
    const text = `trial ${next.trial} needs a worker for itself, and other studies use this one`;
    return nothing(
      'decision',
      study.host.state.soloHost === worker.id ? ROOM : 'solo.crowded',
      text,
    );
  }
  for (const { study: other, trial } of worker.attempts) {
    if (other === study || !other.host.state.trials[trial]?.solo) continue;
    const text = `trial ${trial} of "${other.host.name}" has this worker for itself`;
    return nothing('decision', 'solo.running', text);
  }
  return undefined;
}

/** It would be cut off by the end of the worker's allocation. */
function outlasting(
  study: ActiveStudy,
  worker: WorkerRecord,
  { trial }: Work,
): Nothing | undefined {
  const leftMs = worker.leftMs();
  if (leftMs === Infinity) return undefined;
  const { trials, spec } = study.host.state;
  const length = usualLengthOf(study);
  const target = spec!.fidelity?.max;
  const needsMs = length && predictedMs(length, { step: trials[trial]?.step, target });
  if (needsMs === undefined || needsMs <= leftMs) return undefined;
  const [needs, left] = [needsMs, leftMs].map((ms) => formatDuration(Math.ceil(ms / 1000) * 1000));
  const text = `trial ${trial} would take ${needs}, and the worker has ${left} left`;
  return nothing('drained', WALLTIME, text);
}

/** Looked up again when another trial has ended. */
function usualLengthOf(study: ActiveStudy): UsualLength | undefined {
  const { state } = study.host;
  const ended = state.counts.completed + state.counts.stopped;
  if (study.usual.ended !== ended) study.usual = { ended, length: usualLength(state) };
  return study.usual.length;
}

/** Nothing would end before the worker's allocation does. */
export const WALLTIME = 'walltime';

/** Core's word for: the worker's slots stay empty until a trial can have it for itself. */
export const ROOM: Reason['code'] = 'solo.room';

function dryness({ dry }: ActiveStudy, next: Work): Nothing | undefined {
  if (next.work === 'queued' || dry === undefined) return undefined;
  if (dry === 'pending') return nothing('suggestion', 'suggestion', 'the sampler is thinking');
  return nothing('tail', 'exhausted', 'the sampler has nothing left to propose');
}
