import {
  FleetuneError,
  assert,
  fail,
  studyStatus,
  type ErrorInfo,
  type RunEnd,
  type StudyEvent,
  type StudySpec,
  type StudyStatus,
} from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import { createDispatcher, type Dispatcher } from './dispatcher/dispatcher.ts';
import type { Store } from './store/index.ts';
import { openStudyHost, type StudyHost } from './study-host.ts';
import { startStudyRun, type StudyRun } from './study-run.ts';

/** Three missed beats of 5 s. */
const LEASE_TTL_MS = 15_000;

/** Owns the studies of one store: opens, runs and ends them, and answers people and workers. */
export interface Coordinator {
  readonly dispatcher: Dispatcher;
  /** Creates the study, or takes up the stored one with what changed in its file. */
  open(spec: StudySpec): Promise<StudyHost>;
  /** The study of that name, taken up from the store as it is; throws `study.not-found`. */
  host(name: string): StudyHost;
  /** Hands out the study's trials until it ends; resolves when all workers have left and its end is in the log. */
  run(host: StudyHost, options: RunOptions): Promise<RunEnd>;
  status(host: StudyHost): StudyStatus;
  /** Durable events with a greater id. */
  events(host: StudyHost, after: number, limit?: number): Iterable<StudyEvent>;
  /** Number of the new trial. */
  enqueue(host: StudyHost, params: Record<string, unknown>): Promise<number>;
  stopTrial(host: StudyHost, trial: number, reason: string): Promise<void>;
  /** Ends the study's run: running trials are told to stop and keep their value so far. */
  stopStudy(host: StudyHost, reason: string): Promise<void>;
  /** No new trials; running ones go back to the queue. */
  drain(reason: string): void;
  /** Everything running ends at once, and goes back to the queue. */
  quit(reason: string): void;
}

export interface RunOptions {
  slots: number;
  keepGoing: boolean;
  /** Where the trials' files go. */
  files: string;
}

export function createCoordinator(store: Store, clock: Clock): Coordinator {
  const hosts = new Map<string, StudyHost>();
  let run: StudyRun | undefined;
  const dispatcher = createDispatcher({
    clock,
    leaseTtlMs: LEASE_TTL_MS,
    onFinished: (host) => host === run?.host && run.finished(),
  });

  function take(name: string, id: number): StudyHost {
    const host = openStudyHost(store, clock, id, name);
    hosts.set(name, host);
    return host;
  }

  async function taken(host: StudyHost, refusal: ErrorInfo | undefined): Promise<void> {
    refuse(refusal);
    await host.commit();
    dispatcher.wake();
  }

  return {
    dispatcher,
    async open(spec) {
      const row = store.study(spec.name) ?? store.createStudy(spec.name, spec, clock.now());
      const host = hosts.get(spec.name) ?? take(spec.name, row.id);
      const known = host.state.spec !== undefined;
      refuse(host.apply({ kind: known ? 'change-spec' : 'create', spec }));
      closeKilledRun(host);
      await taken(host, undefined);
      return host;
    },
    host(name) {
      const row = hosts.has(name) ? undefined : store.study(name);
      const host = hosts.get(name) ?? (row && take(name, row.id));
      if (host === undefined) throw fail('study.not-found', '', { name });
      return host;
    },
    async run(host, { slots, keepGoing, files }) {
      assert(run === undefined, 'a coordinator runs one study at a time');
      refuse(host.apply({ kind: 'start-run', slots, keepGoing }));
      // At once, so that a drain that comes during the commit counts.
      run = startStudyRun(host, dispatcher, clock);
      await host.commit();
      const unsubscribe = host.onSuggestion(() => dispatcher.wake());
      dispatcher.activate(host, files);
      const ending = await run.ended.finally(unsubscribe);
      dispatcher.deactivate(host);
      await taken(host, host.apply({ kind: 'end-run', ...ending }));
      return ending.end;
    },
    status: (host) => studyStatus(host.state, clock.now(), dispatcher.live()),
    events: (host, after, limit) => store.events(host.id, after, limit),
    async enqueue(host, params) {
      const trial = host.state.trials.length;
      await taken(host, host.apply({ kind: 'enqueue', params }));
      return trial;
    },
    async stopTrial(host, trial, text) {
      const reason = { code: 'user', text };
      await taken(host, host.apply({ kind: 'stop-trial', trial, as: 'stopped', reason }));
    },
    async stopStudy(host, reason) {
      if (run?.host !== host) throw fail('study.not-running', host.name, {});
      run.stop(reason);
      await taken(host, undefined);
    },
    drain: (reason) => run?.drain(reason),
    quit: (reason) => run?.quit(reason),
  };
}

function refuse(info: ErrorInfo | undefined): void {
  if (info !== undefined) throw new FleetuneError(info);
}

/** A run that was killed between its last trial and its end: there is nothing to run again. */
function closeKilledRun(host: StudyHost): void {
  const { run } = host.state;
  if (run === undefined || !host.killed || host.nextWork().work !== 'finished') return;
  const { slots, keepGoing } = run;
  refuse(host.apply({ kind: 'start-run', slots, keepGoing }));
  const next = host.nextWork();
  if (next.work !== 'finished') return;
  refuse(host.apply({ kind: 'end-run', end: next.end, reason: next.reason }));
}
