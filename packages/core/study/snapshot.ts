// The state as lines of JSON: the first has everything but the trials, each other one 16 trials. A
// snapshot that is taken now and then writes the first line and those whose trials have changed, so
// that it costs what the study did since the last one, however large the study is. Where all trials
// of a line have ended, its head has their places (see places.ts), and the trials are asked for when
// somebody looks at one of them. That they are as they were written is the store's to know.

import type { Reason } from '../scheduler/scheduler.ts';
import type { WireNumber } from './event.ts';
import { derive } from './derive.ts';
import { waitingIn } from './lanes.ts';
import { lazyTrials } from './lazy-trials.ts';
import { placesOf, putPlaces, type Places } from './places.ts';
import { newQueue, type Place } from './queue.ts';
import { attemptRecord, sameAs, trialRecord, workerRecord } from './records.ts';
import { emptyStudy, type StudyState, type TrialRecord, type WorkerRecord } from './state.ts';
import { fromWire, toWire } from './wire-number.ts';

/** The layout of a snapshot. Another one is not read: the log is folded again instead. */
const VERSION = 7;

const LINE_TRIALS = 16;

type Derived = 'space' | 'adopt' | 'scheduler' | 'standing' | 'live' | 'pausedTrials' | 'soloHost';
type Plain = Omit<StudyState, Derived | 'trials' | 'workers' | 'requeued' | 'solo' | 'enqueued'>;

interface FirstLine extends Plain {
  version: number;
  requeued: Place[];
  solo: Place[];
  enqueued: Place[];
  workers: [string, WorkerRecord][];
}

/** One line of a snapshot. */
export interface LineText {
  /** Read at once: in the first line all of it, in others the places, or nothing where trials go on. */
  head: string;
  /** Nothing in the first line. */
  trials: string;
}

/** A snapshot as its reader has it. */
export interface StoredSnapshot {
  /** Of all lines. */
  heads: readonly string[];
  /** Those of a line; undefined when they are not to be had, now or any more. */
  trialsOf(line: number): string | undefined;
  /** The same study without the snapshot, for when they are not. */
  replayed(): StudyState;
}

interface TrialLine {
  trials: TrialRecord[];
  unusual: Unusual[];
}

/**
 * The numbers of a trial, some of which JSON lacks; written apart so that all else takes the fast
 * path.
 */
interface Unusual {
  trial: number;
  passed: WireNumber[];
  metrics: Record<string, WireNumber>;
  recent?: WireNumber[];
  value?: WireNumber;
}

/** The whole state; equal states give equal lines. What follows from the rest is left out. */
export function toSnapshot(state: StudyState): LineText[] {
  return Array.from({ length: snapshotLines(state) }, (_, line) => snapshotLine(state, line));
}

/** How many lines it has. */
export function snapshotLines(state: StudyState): number {
  return 1 + Math.ceil(state.trials.length / LINE_TRIALS);
}

export function snapshotLine(state: StudyState, line: number): LineText {
  if (line === 0) return { head: JSON.stringify(firstLine(state)), trials: '' };
  const trials = trialsIn(state, line).map(trialRecord);
  const text: TrialLine = { trials, unusual: trials.filter(isUnusual).map(unusualOf) };
  const ended = trials.every(({ endedEvent }) => endedEvent !== undefined);
  const head = ended ? JSON.stringify(placesOf(state, trials)) : '';
  return { head, trials: JSON.stringify(text) };
}

/** One by one: `slice` would read all that nobody has looked at yet. */
function trialsIn({ trials }: StudyState, line: number): TrialRecord[] {
  const from = (line - 1) * LINE_TRIALS;
  const count = Math.min(LINE_TRIALS, trials.length - from);
  return Array.from({ length: count }, (_, i) => trials[from + i]!);
}

/** The lines that say something else when these trials do. */
export function changedLines(trials: Iterable<number>): Set<number> {
  const lines = new Set([0]);
  for (const trial of trials) lines.add(1 + Math.floor(trial / LINE_TRIALS));
  return lines;
}

/**
 * The state as it was, or undefined where the lines are of another layout or trials that go on are
 * not to be had. Ended trials are read when somebody looks at one of them.
 */
export function fromSnapshot(stored: StoredSnapshot): StudyState | undefined {
  const [first, ...heads] = stored.heads;
  const { version, ...snapshot } = JSON.parse(first!) as FirstLine;
  if (version !== VERSION) return undefined;
  const { requeued, solo, enqueued, workers, ...plain } = snapshot;
  const state: StudyState = {
    ...emptyStudy(),
    ...plain,
    requeued: newQueue(requeued),
    solo: newQueue(solo),
    enqueued: newQueue(enqueued),
    workers: new Map(workers.map(([id, worker]) => [id, workerRecord(worker)])),
  };
  const asleep = heads.map((head) => (head === '' ? undefined : (JSON.parse(head) as Places)));
  for (const [index, places] of asleep.entries()) {
    if (places === undefined && !readTrials(state.trials, stored, index)) return undefined;
  }
  derive(state, Object.values(state.trials));
  takeUpEnded(state, stored, asleep);
  return state;
}

/** What follows from them now, their records when somebody looks at them. */
function takeUpEnded(
  state: StudyState,
  stored: StoredSnapshot,
  asleep: readonly (Places | undefined)[],
): void {
  const { trials } = state;
  let left = 0;
  asleep.forEach((places, index) => {
    if (places === undefined) return;
    left += 1;
    putPlaces(state, index * LINE_TRIALS, places);
  });
  if (left === 0) return;
  const count = Math.max(trials.length, endOf(asleep));
  state.trials = lazyTrials(trials, count, (trial) => {
    if (readTrials(trials, stored, Math.floor(trial / LINE_TRIALS))) {
      left -= 1;
    } else {
      for (const record of stored.replayed().trials) trials[record.number] ??= record;
      left = 0;
    }
    // The array itself again, which is faster.
    if (left === 0) state.trials = trials;
  });
}

function firstLine(state: StudyState): FirstLine {
  const { space, adopt, scheduler, standing, live, pausedTrials, soloHost, trials, ...rest } =
    state;
  const { workers, requeued, solo, enqueued, ...plain } = rest;
  return {
    ...plain,
    version: VERSION,
    requeued: waitingIn(state, requeued),
    solo: waitingIn(state, solo),
    enqueued: waitingIn(state, enqueued),
    workers: Array.from(workers, ([id, worker]) => [id, workerRecord(worker)]),
  };
}

/** How many trials there are up to the last line of those. */
function endOf(asleep: readonly (Places | undefined)[]): number {
  const last = asleep.at(-1);
  return last === undefined ? 0 : (asleep.length - 1) * LINE_TRIALS + last.passed.length;
}

/** False where they are not to be had. `index`: from 0, without the first line. */
function readTrials(trials: TrialRecord[], stored: StoredSnapshot, index: number): boolean {
  const text = stored.trialsOf(1 + index);
  if (text === undefined) return false;
  const line = JSON.parse(text) as TrialLine;
  let origin: Reason | undefined;
  line.trials.forEach((read, i) => {
    const trial = trialRecord(read);
    origin = trial.origin = sameAs(origin, trial.origin);
    trial.attempts = trial.attempts.map(attemptRecord);
    for (const attempt of trial.attempts) {
      if (attempt.reason) attempt.reason = sameAs(trial.reason, attempt.reason);
    }
    trials[index * LINE_TRIALS + i] = trial;
  });
  for (const numbers of line.unusual) restore(trials[numbers.trial]!, numbers);
  return true;
}

function isUnusual({ passed, recent, metrics, value }: TrialRecord): boolean {
  for (const name in metrics) if (!Number.isFinite(metrics[name])) return true;
  if (typeof recent !== 'string' && !recent.every(Number.isFinite)) return true;
  return !(passed.every(Number.isFinite) && isUsual(value));
}

function isUsual(value: number | undefined): boolean {
  return value === undefined || Number.isFinite(value);
}

function unusualOf({ number, passed, recent, metrics, value }: TrialRecord): Unusual {
  return {
    trial: number,
    passed: passed.map(toWire),
    metrics: mapped(metrics, toWire),
    ...(typeof recent !== 'string' && { recent: recent.map(toWire) }),
    ...(value !== undefined && { value: toWire(value) }),
  };
}

function restore(trial: TrialRecord, { passed, recent, metrics, value }: Unusual): void {
  trial.passed = passed.map(fromWire);
  if (recent !== undefined) trial.recent = recent.map(fromWire);
  trial.metrics = mapped(metrics, fromWire);
  if (value !== undefined) trial.value = fromWire(value);
}

function mapped<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
