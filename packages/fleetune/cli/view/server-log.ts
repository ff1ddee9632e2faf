// What a coordinator that lives on says while it works: who came, who went, what began and ended, and now and then how
// far everything is.

import type { Coordinator, KnownStudy, WorkerView } from '@fleetune/coordinator';
import type { StudyStatus } from '@fleetune/core';
import { clockTime, figure } from './figures.ts';
import { progressText } from './plain-log.ts';

/** One line: for people, and as data. */
export type ServerFact = { kind: string; text: string } & Record<string, unknown>;

export interface ServerLog {
  /** What has happened since the last look. */
  look(now: number): ServerFact[];
  /** Rejects when the store of a study has failed. */
  readonly failed: Promise<never>;
}

const PROGRESS_MS = 60_000;
/** A worker that is well says something more often. */
const SILENT_MS = 8_000;

interface Known {
  state: string;
  paused: boolean;
  lastEvent: number;
  saidAt: number;
}

export function serverLog(
  coordinator: Pick<Coordinator, 'studies' | 'host' | 'status' | 'workers' | 'isRunning'>,
): ServerLog {
  const studies = new Map<string, Known>();
  let workers = new Map<string, WorkerView>();
  const unreadable = new Set<string>();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);

  function lookAtStudy(name: string, now: number): ServerFact[] {
    const host = coordinator.host(name);
    const known = studies.get(name);
    if (known === undefined) host.failed.catch(reject);
    const { run, paused: pause, lastEvent } = host.state;
    const state = run === undefined ? 'ended' : 'running';
    const paused = pause !== undefined;
    const same = state === known?.state && paused === known.paused;
    const moved = known === undefined || lastEvent > known.lastEvent;
    const due = now - (known?.saidAt ?? now) >= PROGRESS_MS;
    // The status looks at every slot of the cluster: nobody's result should wait for it once a second.
    if (same && !(state === 'running' && moved && due)) return [];
    const status = coordinator.status(host);
    const facts = changes(status, known);
    if (facts.length === 0 && state === 'running' && moved && due) facts.push(progress(status));
    const saidAt = facts.length > 0 ? now : (known?.saidAt ?? now);
    const seen = facts.length > 0 || known === undefined ? lastEvent : known.lastEvent;
    if (state === 'running') studies.set(name, { state, paused, lastEvent: seen, saidAt });
    else studies.delete(name);
    return facts;
  }

  function newlyUnreadable(rows: readonly KnownStudy[]): ServerFact[] {
    return rows.flatMap(({ name, unreadable: error }) => {
      if (error === undefined || unreadable.has(name)) return [];
      unreadable.add(name);
      return [{ kind: 'study-unreadable', study: name, error, text: error.message }];
    });
  }

  return {
    failed,
    look(now) {
      const before = workers;
      workers = new Map(coordinator.workers().map((view) => [view.worker, view]));
      const rows = coordinator.studies();
      const open = rows.filter(({ name, state, unreadable: error }) => {
        return error === undefined && (state === 'running' || studies.has(name));
      });
      return [
        ...workerFacts(before, workers),
        ...newlyUnreadable(rows),
        ...open.flatMap(({ name }) => lookAtStudy(name, now)),
      ];
    },
  };
}

function workerFacts(
  before: ReadonlyMap<string, WorkerView>,
  now: ReadonlyMap<string, WorkerView>,
): ServerFact[] {
  const facts: ServerFact[] = [];
  for (const { worker, host, slots, state, reason = '' } of now.values()) {
    const known = before.get(worker);
    const common = { worker, host, slots: slots.length };
    const why = reason === '' ? '' : `: ${reason}`;
    if (known === undefined) {
      const many = slots.length === 1 ? '1 slot' : `${slots.length} slots`;
      const text = `worker ${worker} joined from ${host} with ${many}`;
      facts.push({ kind: 'worker-joined', ...common, text });
    } else if (known.state !== state) {
      facts.push({
        kind: `worker-${state}`,
        ...common,
        text: `worker ${worker} is ${state}${why}`,
      });
    }
  }
  for (const { worker, host, silentMs } of before.values()) {
    if (now.has(worker)) continue;
    const how = silentMs < SILENT_MS ? 'has left' : 'is gone: it was not heard of any more';
    facts.push({ kind: 'worker-left', worker, host, text: `worker ${worker} ${how}` });
  }
  return facts;
}

function changes(status: StudyStatus, known: Known | undefined): ServerFact[] {
  const { name, state, end, paused, incumbent, objective, trialsUsed, elapsedMs } = status;
  if (state === 'ended' && known?.state === 'running') {
    const best =
      status.front !== undefined
        ? `${status.front.length} trials on the Pareto front`
        : incumbent === undefined
          ? 'no incumbent'
          : `${objective.metric} ${figure(incumbent.value)}, trial ${incumbent.trial}`;
    const why = end?.reason.text ?? '';
    const text = `${name} ended: ${why}; ${best}, ${trialsUsed} trials in ${clockTime(elapsedMs)}`;
    return [{ kind: 'study-ended', study: name, end: end?.end, incumbent, trialsUsed, text }];
  }
  if (state === 'running' && known?.state !== 'running') {
    return [{ kind: 'study-running', study: name, text: `${name} is running` }];
  }
  if (known !== undefined && known.paused !== (paused !== undefined)) {
    const text = paused === undefined ? 'goes on' : `is paused: ${paused.reason.text}`;
    return [
      { kind: paused ? 'study-paused' : 'study-resumed', study: name, text: `${name} ${text}` },
    ];
  }
  return [];
}

function progress(status: StudyStatus): ServerFact {
  const { name, trials, trialsUsed, incumbent, utilization } = status;
  const data = { trials, trialsUsed, value: incumbent?.value, busy: utilization?.share };
  return { kind: 'progress', study: name, ...data, text: `${name}  ${progressText(status)}` };
}
