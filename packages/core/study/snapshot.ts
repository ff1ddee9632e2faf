import { fail } from '../errors/index.ts';
import type { WireNumber } from './event.ts';
import { derive } from './derive.ts';
import { waitingIn } from './lanes.ts';
import { newQueue, type Place } from './queue.ts';
import { emptyStudy, type StudyState, type TrialRecord } from './state.ts';
import { fromWire, toWire } from './wire-number.ts';

/** The layout of a snapshot. Another one is not read: the log is folded again instead. */
const VERSION = 3;

/**
 * The numbers of a trial, some of which JSON lacks; written apart so that all else takes the fast
 * path.
 */
interface Unusual {
  trial: number;
  passed: WireNumber[];
  recent: WireNumber[];
  metrics: Record<string, WireNumber>;
  value?: WireNumber;
}

type Derived = 'space' | 'adopt' | 'scheduler' | 'standing' | 'live' | 'pausedTrials' | 'soloHost';
type Plain = Omit<StudyState, Derived | 'workers' | 'requeued' | 'solo' | 'enqueued'>;

interface Snapshot extends Plain {
  version: number;
  requeued: Place[];
  solo: Place[];
  enqueued: Place[];
  workers: [string, StudyState['workers'] extends Map<string, infer W> ? W : never][];
  unusual: Unusual[];
}

/** The state as JSON; equal states give equal text. What follows from the rest is left out. */
export function toSnapshot(state: StudyState): string {
  const { space, adopt, scheduler, standing, live, pausedTrials, soloHost, ...rest } = state;
  const { workers, requeued, solo, enqueued, ...plain } = rest;
  const snapshot: Snapshot = {
    ...plain,
    version: VERSION,
    requeued: waitingIn(state, requeued),
    solo: waitingIn(state, solo),
    enqueued: waitingIn(state, enqueued),
    workers: [...workers],
    unusual: state.trials.filter(isUnusual).map(unusualOf),
  };
  return JSON.stringify(snapshot);
}

export function fromSnapshot(text: string): StudyState {
  const snapshot = JSON.parse(text) as Snapshot;
  const { version, requeued, solo, enqueued, workers, unusual, ...plain } = snapshot;
  if (version !== VERSION) throw fail('snapshot.version', '', { version, expected: VERSION });
  const state: StudyState = {
    ...emptyStudy(),
    ...plain,
    requeued: newQueue(requeued),
    solo: newQueue(solo),
    enqueued: newQueue(enqueued),
    workers: new Map(workers),
  };
  for (const numbers of unusual) restore(state.trials[numbers.trial]!, numbers);
  derive(state);
  return state;
}

function isUnusual({ passed, recent, metrics, value }: TrialRecord): boolean {
  for (const name in metrics) if (!Number.isFinite(metrics[name])) return true;
  return !(passed.every(Number.isFinite) && recent.every(Number.isFinite) && isUsual(value));
}

function isUsual(value: number | undefined): boolean {
  return value === undefined || Number.isFinite(value);
}

function unusualOf({ number, passed, recent, metrics, value }: TrialRecord): Unusual {
  return {
    trial: number,
    passed: passed.map(toWire),
    recent: recent.map(toWire),
    metrics: mapped(metrics, toWire),
    ...(value !== undefined && { value: toWire(value) }),
  };
}

function restore(trial: TrialRecord, { passed, recent, metrics, value }: Unusual): void {
  trial.passed = passed.map(fromWire);
  trial.recent = recent.map(fromWire);
  trial.metrics = mapped(metrics, fromWire);
  if (value !== undefined) trial.value = fromWire(value);
}

function mapped<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
