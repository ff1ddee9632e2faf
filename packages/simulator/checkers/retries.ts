import type { StudyEvent, StudyState } from '@fleetune/core';
import type { MakeChecker } from './watch.ts';

/** So many losses one after the other are the trial’s own doing; fewer never end it. */
const POISON = 3;

const CLASSES = ['crashed', 'timed-out', 'invalid-metric'] as const;
type RetryClass = (typeof CLASSES)[number];

type Of<K extends StudyEvent['kind']> = Extract<StudyEvent, { kind: K }>;

/** What the log has shown of one trial. */
interface History {
  /** Failures that count, by class. */
  used: Partial<Record<RetryClass, number>>;
  ends: (string | undefined)[];
  startedIds: number[];
  /** Attempts that waited behind others at first: one that was given back unbegun says nothing. */
  reserves: Set<number>;
  /** A stop of the latest attempt was asked for. */
  stopping: boolean;
  /** The latest attempt has ended, and what follows for its trial is not told yet. */
  pending?: Of<'attempt-ended'> | undefined;
}

/** A trial is tried again as often as the study file says, class by class, no more and no less; losses cost it nothing. */
export const retries: MakeChecker = (_world, broken) => {
  const studies = new Map<string, { trials: Map<number, History>; runId: number }>();
  return {
    onEvent(event, { name, state }) {
      const study = studies.get(name) ?? { trials: new Map<number, History>(), runId: 0 };
      studies.set(name, study);
      if (event.kind === 'run-started') study.runId = event.id;
      if (!('trial' in event)) return;
      const history = study.trials.get(event.trial) ?? newHistory();
      study.trials.set(event.trial, history);
      const { pending } = history;
      follow(history, event);
      if (pending === undefined || history.pending !== undefined) return;
      const wrong = isClass(pending.end)
        ? afterFailure(history, pending.end, event, state)
        : afterLoss(history, pending, event, study.runId);
      if (wrong) broken(`${name}, trial ${event.trial}, event ${event.id}: ${wrong}`);
    },
  };
};

function newHistory(): History {
  return { used: {}, ends: [], startedIds: [], reserves: new Set(), stopping: false };
}

function follow(history: History, event: StudyEvent): void {
  const { used, ends, startedIds, reserves } = history;
  history.pending = undefined;
  switch (event.kind) {
    case 'attempt-started':
      startedIds[event.attempt] = event.id;
      if (event.reserve) reserves.add(event.attempt);
      history.stopping = false;
      return;
    case 'stop-requested':
      history.stopping = true;
      return;
    case 'attempt-ended':
      ends[event.attempt] = event.end;
      history.pending = event;
      if (isClass(event.end)) used[event.end] = (used[event.end] ?? 0) + 1;
      return;
    case 'trial-given-back':
      for (const attempt of event.attempts) {
        const end = ends[attempt];
        if (isClass(end)) used[end] = Math.max(0, (used[end] ?? 0) - 1);
      }
      return;
    case 'trial-retried':
      history.used = {};
      return;
    default:
  }
}

function afterFailure(
  { used, stopping }: History,
  end: RetryClass,
  event: StudyEvent,
  { spec }: StudyState,
): string | undefined {
  const allowed = spec!.retries[end] ?? 0;
  const failures = used[end]!;
  if (event.kind === 'trial-requeued' && failures > allowed) {
    return `tried again after ${failures - 1} retries of ${allowed} (${end})`;
  }
  // Whoever stays silent to the end, or was told to stop, is not tried again.
  const final = event.kind === 'trial-ended' && event.reason.code !== 'no-metric' && !stopping;
  const gaveUp = final && (event.state === 'failed' || event.state === 'infeasible');
  return gaveUp && failures <= allowed
    ? `given up after ${failures - 1} retries of ${allowed} (${end})`
    : undefined;
}

/** Nobody's doing: it goes on, unless a person, a scheduler or a limit had its end asked for. */
function afterLoss(
  { ends, startedIds, reserves, stopping }: History,
  { attempt, end }: Of<'attempt-ended'>,
  event: StudyEvent,
  runId: number,
): string | undefined {
  const isFree = end === 'lost' || end === 'preempted';
  if (!isFree || stopping || event.kind !== 'trial-ended') return undefined;
  let row = 0;
  for (let number = attempt; startedIds[number]! > runId; number--) {
    if (ends[number] === 'lost') row += 1;
    else if (!reserves.has(number)) break;
  }
  return row >= POISON ? undefined : `ended by ${row} lost attempts in a row`;
}

function isClass(end: string | undefined): end is RetryClass {
  return (CLASSES as readonly (string | undefined)[]).includes(end);
}
