// What a study's log says about its programs, and about the workers that ran them.

import { fail, type ReportItem, type StudyEvent } from '@fleetune/core';
import type { ProgramEnd } from './workload.ts';

export interface MeasuredLog {
  attempts: MeasuredAttempt[];
  /** By trial: the objective's values at ascending steps, over all attempts. */
  curves: Map<number, Curve>;
  /** From a worker's start, or from when the slot became the study's, to the first spawn there. */
  startUpsMs: number[];
  /** From one trial's exit to the next one's spawn on the slot, without what the log names as a wait. */
  gapsMs: number[];
  /** From the report on which a trial was told to stop to its exit: the answer, and its way out. */
  stopsMs: number[];
  /** Distances between the reports of a trial. */
  strides: number[];
}

export interface MeasuredAttempt {
  trial: number;
  end: ProgramEnd | 'stopped';
  /** From the spawn to the exit; of one that was stopped, to its last report. */
  busyMs: number;
  /** Of its last report; 0 without one. */
  step: number;
  /** Between two units of fidelity; absent where fewer than two reports came. */
  unitMs?: number;
}

export interface Curve {
  steps: number[];
  values: number[];
}

type Kind<K extends StudyEvent['kind']> = Extract<StudyEvent, { kind: K }>;

interface Reported {
  first: { step: number; at: number } | undefined;
  last: { step: number; at: number } | undefined;
}

interface Fold {
  log: MeasuredLog;
  /** The objective's metric. */
  metric: string;
  running: Map<number, Reported>;
  /** By worker and slot: the worker's clock when it was last known to be free. */
  slots: Map<string, { freeUs: number; used: boolean }>;
}

export function measureLog(events: Iterable<StudyEvent>, metric: string): MeasuredLog {
  const log: MeasuredLog = {
    attempts: [],
    curves: new Map(),
    startUpsMs: [],
    gapsMs: [],
    stopsMs: [],
    strides: [],
  };
  const fold: Fold = { log, metric, running: new Map(), slots: new Map() };
  for (const event of events) {
    const { kind, v } = event as { kind: string; v: number };
    if (v !== 1) throw fail('simulate.log-version', `event ${event.id}`, { kind, v });
    take(fold, event);
  }
  return log;
}

function take(fold: Fold, event: StudyEvent): void {
  switch (event.kind) {
    case 'worker-joined':
      for (let slot = 0; slot < event.slots; slot++) {
        fold.slots.set(`${event.worker}/${slot}`, { freeUs: event.nowUs ?? 0, used: false });
      }
      return;
    case 'attempt-started':
      fold.running.set(event.trial, { first: undefined, last: undefined });
      ownSince(fold, event);
      return;
    case 'reports':
      for (const item of event.items) takeReports(fold, item, event.at);
      return;
    case 'attempt-ended':
      takeEnd(fold, event);
      fold.running.delete(event.trial);
      return;
  }
}

function ownSince(fold: Fold, { worker, slot, fromUs }: Kind<'attempt-started'>): void {
  const known = fold.slots.get(`${worker}/${slot}`);
  if (known !== undefined && fromUs !== undefined) known.freeUs = Math.max(known.freeUs, fromUs);
}

function takeReports(fold: Fold, { trial, columns }: ReportItem, at: number): void {
  const reported = fold.running.get(trial);
  const values = columns.metrics[fold.metric] ?? [];
  columns.step.forEach((step, i) => {
    const value = values[i];
    if (typeof step !== 'number' || value === undefined || value === null) return;
    const curve = fold.log.curves.get(trial) ?? { steps: [], values: [] };
    fold.log.curves.set(trial, curve);
    if (step > (curve.steps.at(-1) ?? -Infinity)) {
      curve.steps.push(step);
      curve.values.push(Number(value));
    }
    if (reported === undefined) return;
    if (reported.last !== undefined && step > reported.last.step) {
      fold.log.strides.push(step - reported.last.step);
    }
    reported.first ??= { step, at };
    reported.last = { step, at };
  });
}

/** Ends that say nothing about the program (its worker was lost, a person wanted it) are left out. */
function takeEnd(fold: Fold, event: Kind<'attempt-ended'>): void {
  const { trial, end, use, reason } = event;
  if (use === undefined) return;
  takeIdle(fold, event, use);
  if (!isOwn(end)) return;
  const { first, last } = fold.running.get(trial) ?? { first: undefined, last: undefined };
  const steps = (last?.step ?? 0) - (first?.step ?? 0);
  const unitMs = steps > 0 && last!.at > first!.at ? (last!.at - first!.at) / steps : undefined;
  const wholeMs = Math.max(0, use.exitedUs - use.spawnedUs) / 1000;
  let stopMs = 0;
  // A person may stop it at any time, not only at a report.
  if (end === 'stopped' && last !== undefined && reason.code !== 'user') {
    stopMs = Math.min(wholeMs, Math.max(0, event.at - last.at));
    fold.log.stopsMs.push(stopMs);
  }
  fold.log.attempts.push({
    trial,
    end,
    busyMs: wholeMs - stopMs,
    step: last?.step ?? 0,
    ...(unitMs !== undefined && { unitMs }),
  });
}

function takeIdle(
  { log, slots }: Fold,
  { waits }: Kind<'attempt-ended'>,
  { worker, slot, spawnedUs, exitedUs }: NonNullable<Kind<'attempt-ended'>['use']>,
): void {
  const known = slots.get(`${worker}/${slot}`);
  if (known === undefined || exitedUs <= spawnedUs) return;
  const namedUs = Object.values(waits ?? {}).reduce((sum: number, us: number) => sum + us, 0);
  const idleMs = Math.max(0, spawnedUs - known.freeUs - namedUs) / 1000;
  (known.used ? log.gapsMs : log.startUpsMs).push(idleMs);
  known.freeUs = Math.max(known.freeUs, exitedUs);
  known.used = true;
}

function isOwn(end: string): end is MeasuredAttempt['end'] {
  const own = ['completed', 'stopped', 'crashed', 'timed-out', 'invalid-metric', 'out-of-memory'];
  return own.includes(end);
}
