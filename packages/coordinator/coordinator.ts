import {
  FleetuneError,
  assert,
  fail,
  newGapHistogram,
  studyStatus,
  type ErrorInfo,
  type GapHistogram,
  type RunEnd,
  type StudyCommand,
  type StudyEvent,
  type StudySpec,
  type StudyStatus,
  type TrialState,
} from '@fleetune/core';
import { mark, type Clock } from '@fleetune/platform';
import type { Thinkers } from './advisor/thinker-port.ts';
import { createAsker, type Asker } from './asker/asker.ts';
import { createDispatcher, type Dispatcher } from './dispatcher/dispatcher.ts';
import type { WorkerView } from './dispatcher/worker-view.ts';
import { timedStore } from './metrics/timed-store.ts';
import { runLimit } from './run-limit.ts';
import type { Store, StudyRow, TrialRow } from './store/index.ts';
import { steadyClock } from './steady-clock.ts';
import { openStudyHost, type StudyHost } from './study-host.ts';
import { studyHosts } from './study-hosts.ts';
import { studyWorkers } from './study-workers.ts';
import { startStudyRun, type RunOptions, type StudyRun } from './study-run.ts';
import { workerControls } from './worker-controls.ts';

/** Three missed beats of 5 s. */
const LEASE_TTL_MS = 15_000;

/** Owns the studies of one store: opens, runs and ends them, and answers people and workers. */
export interface Coordinator {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  /** From a batch of events to the word of the store that they are durable. */
  readonly commitTimes: GapHistogram;
  /** All studies of the store, running or not. */
  studies(): KnownStudy[];
  /**
   * The study of that name, taken up from the store as it is; throws `study.not-found`. The same one as long as
   * somebody holds it; one that has ended leaves the memory when nobody does. Throws `study.unreadable`.
   */
  host(name: string): StudyHost;
  /**
   * Creates the study, or takes up the stored one with what changed in its file, be it running or not. `slots`: what an
   * open run may use from now on, whatever the file says.
   */
  open(spec: StudySpec, slots?: number): Promise<StudyHost>;
  /** Deletes a study that nobody works on, be it readable or not. */
  remove(name: string): void;
  /**
   * Hands out the study's trials until it ends; resolves when its end is in the log. Any number of shared runs go on
   * at once; a run that is not shared is the only one, and all workers leave at its end.
   */
  run(host: StudyHost, options: RunOptions): Promise<RunEnd>;
  /**
   * After a restart: goes on with every run that is open in the store, its attempts as they are. A study that cannot be
   * read is left out.
   */
  resumeOpenRuns(filesOf: (study: string) => string): Promise<ResumedRun[]>;
  /** Whether this coordinator works on the study. */
  isRunning(host: StudyHost): boolean;
  /** For people with their own loop. */
  asker(host: StudyHost): Asker;
  status(host: StudyHost): StudyStatus;
  /** Stored trials by number; throws `study.not-found`. */
  trials(study: string, filter: TrialFilter): TrialRow[];
  /** Durable events with a greater id. */
  events(host: StudyHost, after: number, limit?: number): Iterable<StudyEvent>;
  /** See the store's. */
  trialEvents(host: StudyHost, trial: number, after: number, until: number): StudyEvent[];
  /** Number of the new trial. */
  enqueue(host: StudyHost, params: Record<string, unknown>): Promise<number>;
  /** What a person wants of a study, a trial or a worker of it; done and durable when it resolves. */
  control(host: StudyHost, command: ControlCommand): Promise<void>;
  /** Ends the study's run: running trials go back to the queue. */
  drainStudy(host: StudyHost, reason: string): Promise<void>;
  /** Ends the study's run: running trials are told to stop and keep their value so far. */
  stopStudy(host: StudyHost, reason: string): Promise<void>;
  /** Every registered worker. */
  workers(): WorkerView[];
  /** No new trials for the worker, of any study, until it is resumed; running ones go on. */
  pauseWorker(worker: string, reason: string): Promise<void>;
  resumeWorker(worker: string, reason: string): Promise<void>;
  /** Every trial that the worker runs is asked to write a checkpoint now. */
  checkpointWorker(worker: string, reason: string): Promise<void>;
  /** The worker's trials go back to the queue with what they have kept, and it leaves. */
  drainWorker(worker: string, reason: string): Promise<void>;
  /** The worker ends everything at once and leaves. */
  stopWorker(worker: string, reason: string): Promise<void>;
  /** Ends what goes on: no new trials; running ones go back to the queue. */
  drain(reason: string): void;
  /** The same at once. */
  quit(reason: string): void;
  /** Takes nothing more, and leaves the runs open: workers wait for the next coordinator. */
  shutdown(): Promise<void>;
}

export interface KnownStudy extends StudyRow {
  /** Somebody has tried to read it, in vain. */
  unreadable?: ErrorInfo;
}

export interface TrialFilter {
  state?: TrialState;
  after?: number;
  limit?: number;
}

export interface ResumedRun {
  host: StudyHost;
  ended: Promise<RunEnd>;
}

export type ControlCommand = Extract<
  StudyCommand,
  {
    kind:
      | 'pause-study'
      | 'resume-study'
      | 'stop-trial'
      | 'pause-trial'
      | 'resume-trial'
      | 'drain-trial'
      | 'checkpoint-trial'
      | 'retry-trial'
      | 'discard-trial'
      | 'correct-trial'
      | 'drain-worker'
      | 'quarantine-worker'
      | 'release-worker';
  }
>;

/** Without `thinkers`, samplers think in this thread whatever they cost. */
export function createCoordinator(
  untimed: Store,
  wall: Clock,
  thinkers?: Thinkers,
  leaseTtlMs: number = LEASE_TTL_MS,
): Coordinator {
  const clock = steadyClock(wall);
  const commitTimes = newGapHistogram();
  const store = timedStore(untimed, clock, commitTimes);
  const hosts = studyHosts();
  const unreadable = new Map<string, ErrorInfo>();
  const runs = new Map<StudyHost, StudyRun>();
  const askers = new WeakMap<StudyHost, Asker>();
  const onFinished = (host: StudyHost): void => runs.get(host)?.finished();
  const dispatcher = createDispatcher({ clock, leaseTtlMs, onFinished });

  function take(name: string, id: number): StudyHost {
    const broken = unreadable.get(name);
    if (broken !== undefined) throw new FleetuneError(broken);
    const host = reading(unreadable, name, () => openStudyHost(store, clock, id, name, thinkers));
    hosts.add(host);
    return host;
  }

  function hostOf(name: string): StudyHost {
    const known = hosts.get(name);
    if (known !== undefined) return known;
    const row = store.study(name);
    if (row === undefined) throw fail('study.not-found', '', { name });
    return take(name, row.id);
  }

  async function taken(host: StudyHost, refusal: ErrorInfo | undefined): Promise<void> {
    refuse(refusal);
    await hosts.during(host, host.commit());
    dispatcher.wake();
  }

  /** At once, so that a drain that comes during the commit counts. */
  async function begin(host: StudyHost, options: RunOptions): Promise<RunEnd> {
    const run = startStudyRun(host, dispatcher, clock, options);
    runs.set(host, run);
    dispatcher.activate(host, options);
    await host.commit();
    const ending = await run.ended;
    mark('run-over');
    dispatcher.deactivate(host);
    runs.delete(host);
    await taken(host, host.apply({ kind: 'end-run', ...ending }));
    return ending.end;
  }

  /** Asked trials of the process before this one go on, so whoever takes up a run takes up its asker. */
  function askerOf(host: StudyHost): Asker {
    const known = askers.get(host);
    if (known !== undefined) return known;
    const asker = createAsker(host, clock, {
      onExhausted: () => runs.get(host)?.finished(),
      limit: () => runLimit(runs.get(host)?.options),
    });
    askers.set(host, asker);
    return asker;
  }

  function runOf(host: StudyHost): StudyRun {
    const run = runs.get(host);
    if (run === undefined) throw fail('study.not-running', host.name, {});
    return run;
  }

  return {
    dispatcher,
    clock,
    commitTimes,
    studies: () => store.studies().map((row) => withTrouble(row, unreadable)),
    host: hostOf,
    async open(spec, slots) {
      const row = store.study(spec.name) ?? store.createStudy(spec.name, spec, clock.now());
      const host = hosts.get(spec.name) ?? take(spec.name, row.id);
      const known = host.state.spec !== undefined;
      if (known) assertRoom(host, slots ?? spec.engine.slots, runs.get(host));
      const change = { kind: 'change-spec', spec, ...(slots !== undefined && { slots }) } as const;
      refuse(host.apply(known ? change : { kind: 'create', spec }));
      closeKilledRun(host);
      await taken(host, undefined);
      return host;
    },
    remove(name) {
      const row = store.study(name);
      if (row === undefined) throw fail('study.not-found', '', { name });
      const host = hosts.get(name);
      if (host !== undefined && runs.has(host)) throw fail('study.running', name, { name });
      store.deleteStudy(row.id);
      hosts.remove(name);
      unreadable.delete(name);
    },
    async run(host, options) {
      assertAlone(host, options, runs);
      const { slots = 0, keepGoing } = options;
      refuse(host.apply({ kind: 'start-run', slots, keepGoing }));
      return begin(host, options);
    },
    async resumeOpenRuns(filesOf) {
      const open = store.studies().filter(({ state }) => state === 'running');
      const killed = open.flatMap((row) => openRun(row, store, unreadable, hostOf));
      const aliveAt = Math.max(0, ...killed.map(({ host }) => host.state.run!.aliveAt));
      const resumed = killed.map(({ host }): ResumedRun => {
        const options = openOptions(host, filesOf);
        refuse(host.apply({ kind: 'resume-run' }));
        askerOf(host);
        return { host, ended: unheard(begin(host, options)) };
      });
      dispatcher.restore(
        aliveAt,
        killed.flatMap(({ gone }) => gone),
      );
      await Promise.all(killed.map(({ host }) => host.commit()));
      return resumed;
    },
    isRunning: (host) => runs.has(host),
    asker: askerOf,
    status(host) {
      const advisor = host.advisor();
      const status = studyStatus(host.state, clock.now(), dispatcher.live(host));
      const workers = runs.has(host) ? studyWorkers(dispatcher.views(), host.name) : undefined;
      return { ...status, ...(advisor && { advisor }), ...(workers && { workers }) };
    },
    trials(study, filter) {
      const row = store.study(study);
      if (row === undefined) throw fail('study.not-found', '', { name: study });
      return store.trials(row.id, filter);
    },
    events: (host, after, limit) => store.events(host.id, after, limit),
    trialEvents: (host, ...which) => store.trialEvents(host.id, ...which),
    async enqueue(host, params) {
      const trial = host.state.trials.length;
      await taken(host, host.apply({ kind: 'enqueue', params }));
      return trial;
    },
    async control(host, command) {
      // Its time stands still at the kill: the log must not say otherwise.
      const timed = command.kind === 'pause-study' || command.kind === 'resume-study';
      if (timed && host.killed) throw fail('study.not-running', host.name, {});
      await taken(host, host.apply(command));
    },
    async drainStudy(host, reason) {
      runOf(host).drain(reason);
      await taken(host, undefined);
    },
    async stopStudy(host, reason) {
      runOf(host).stop(reason);
      await taken(host, undefined);
    },
    ...workerControls(dispatcher),
    drain(reason) {
      for (const run of runs.values()) run.drain(reason);
    },
    quit(reason) {
      for (const run of runs.values()) run.quit(reason);
    },
    async shutdown() {
      for (const run of runs.values()) run.abandon();
      const left = hosts.all();
      for (const host of left) askers.get(host)?.abandon();
      dispatcher.shutdown();
      await Promise.all(left.map((host) => host.commit()));
    },
  };
}

/** Of the run that an earlier coordinator left open. */
function openOptions({ name, state }: StudyHost, filesOf: (study: string) => string): RunOptions {
  const { slots, keepGoing } = state.run!;
  return { slots, keepGoing, files: filesOf(name), shared: true };
}

/** When the very first write fails, nobody gets to see the run. */
function unheard<T>(ended: Promise<T>): Promise<T> {
  ended.catch(() => undefined);
  return ended;
}

function refuse(info: ErrorInfo | undefined): void {
  if (info !== undefined) throw new FleetuneError(info);
}

function assertAlone(host: StudyHost, { shared }: RunOptions, runs: Map<StudyHost, StudyRun>) {
  if (runs.has(host)) throw fail('study.running', host.name, { name: host.name });
  assert(shared || runs.size === 0, 'a run with workers of its own is the only one');
  for (const run of runs.values()) {
    if (!run.options.shared) throw fail('request.embedded', '', {});
  }
}

/** The worker of a run of its own has the slots that it was started with. */
function assertRoom({ state, name }: StudyHost, slots: number, run: StudyRun | undefined): void {
  if (run === undefined || run.options.shared || slots === state.spec?.engine.slots) return;
  const { slots: had = Infinity } = run.options;
  if (slots > had) throw fail('study.slots-fixed', 'engine.slots', { name, slots, had });
}

/** Events in which to look for workers that left not long ago, whose messages may still be on their way. */
const RECENT_EVENTS = 2_000;

function goneFrom(store: Store, { id, state }: StudyHost): string[] {
  const joined: string[] = [];
  const after = Math.max(0, state.lastEvent - RECENT_EVENTS);
  for (const event of store.events(id, after, Infinity, 'worker-joined')) {
    if (event.kind === 'worker-joined' && event.incarnation !== undefined) {
      joined.push(event.incarnation);
    }
  }
  const here = new Set([...state.workers.values()].map(({ incarnation }) => incarnation));
  return joined.filter((incarnation) => !here.has(incarnation));
}

/** A run that was killed between its last trial and its end: there is nothing to run again. */
function closeKilledRun(host: StudyHost): void {
  const { run } = host.state;
  if (run === undefined || !host.killed || host.nextWork().work !== 'finished') return;
  const { slots, keepGoing } = run;
  refuse(host.apply({ kind: 'start-run', slots, keepGoing }));
  const next = host.nextWork();
  if (next.work !== 'finished') return;
  mark('killed-run-closed');
  refuse(host.apply({ kind: 'end-run', end: next.end, reason: next.reason }));
}

/** What fails for good is this study's trouble alone. */
function reading<T>(unreadable: Map<string, ErrorInfo>, name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof FleetuneError && cause.info.retryable) throw cause;
    const problem = cause instanceof Error ? cause.message : String(cause);
    const error = fail('study.unreadable', '', { name, problem }, { cause });
    unreadable.set(name, error.info);
    throw error;
  }
}

/** A run that the process before this one left open, with the incarnations of workers that left not long before. */
function openRun(
  { name }: StudyRow,
  store: Store,
  unreadable: Map<string, ErrorInfo>,
  hostOf: (name: string) => StudyHost,
): { host: StudyHost; gone: string[] }[] {
  try {
    const host = hostOf(name);
    if (!host.killed) return [];
    return [{ host, gone: reading(unreadable, name, () => goneFrom(store, host)) }];
  } catch (error) {
    if (unreadable.has(name)) return [];
    throw error;
  }
}

function withTrouble(row: StudyRow, unreadable: ReadonlyMap<string, ErrorInfo>): KnownStudy {
  const broken = unreadable.get(row.name);
  return broken === undefined ? row : { ...row, unreadable: broken };
}
