import { fail, type LiveWorker } from '@fleetune/core';
import { mark, trouble } from '@fleetune/platform';
import type { CoordinatorLink, ExchangeRequest, ExchangeResponse } from '@fleetune/protocol';
import type { StudyHost } from '../study-host.ts';
import { runLimit } from '../run-limit.ts';
import type { RunOptions } from '../study-run.ts';
import { checkRequest } from './check-request.ts';
import {
  commitAll,
  newState,
  type ActiveStudy,
  type DispatcherOptions,
  type DispatcherState,
} from './dispatcher-state.ts';
import { fillSlots } from './fill-slots.ts';
import { forget, lose, register, remove, renewLease, superseded, unknown } from './leases.ts';
import {
  answerPoll,
  endStudies,
  hear,
  isEmpty,
  park,
  reconsider,
  serve,
  settle,
  tellNews,
} from './polls.ts';
import { fillReserves, isScarce, recallAll } from './reserves.ts';
import { restoreWorkers } from './restore.ts';
import { join, liveWorker, part } from './slot-time.ts';
import { takeFacts } from './take-facts.ts';
import { commandsFor } from './worker-commands.ts';
import { clockOf, hearClock } from './worker-clock.ts';
import type { WorkerRecord } from './worker-table.ts';
import { workerView, type WorkerView } from './worker-view.ts';

/** Trial → slot: takes the workers' exchanges, gives free slots their next trial. */
export interface Dispatcher extends CoordinatorLink {
  /** Hands out the study's trials; of several studies, the one with the fewest under way comes first. */
  activate(host: StudyHost, options: RunOptions): void;
  /** Starts no more trials of this study. */
  close(host: StudyHost): void;
  /** Has nothing more to do with the study. */
  deactivate(host: StudyHost): void;
  /**
   * The workers that the active studies' logs know, whose coordinator was last seen at `aliveAt`, are registered; what
   * comes late from the incarnations that are `gone` is not heard.
   */
  restore(aliveAt: number, gone: Iterable<string>): void;
  /** Something changed that may give waiting slots work, or stop what they run. */
  wake(): void;
  /** No more trials for anyone; running ones are asked to stop and go back to the queue. */
  drain(reason: string): void;
  /** Every worker ends what it runs, and leaves. */
  quit(reason: string): void;
  /** The engine says that this worker's process is gone: as good as an expired lease. False when it never registered. */
  lost(worker: string): boolean;
  /** What runs now, for the study's ledger that counts the present. */
  live(host: StudyHost): LiveWorker[];
  /** Every registered worker, for people. */
  views(): WorkerView[];
  /** No new trials for the worker, of any study, until it is resumed. */
  pauseWorker(worker: string, reason: string): Promise<void>;
  resumeWorker(worker: string, reason: string): Promise<void>;
  /** Every trial that it runs is asked to write a checkpoint now. */
  checkpointWorker(worker: string, reason: string): Promise<void>;
  /** Has the worker leave: after its trials had time to keep what they have, or at once. */
  dismiss(worker: string, how: 'drain' | 'quit', reason: string): void;
  /** Takes and says nothing more. */
  shutdown(): void;
  /** Resolves once no worker is registered. */
  empty(): Promise<void>;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { clock } = options;
  const state = newState(options);
  const { workers, studies } = state;
  const registered = (id: string): WorkerRecord => {
    const worker = workers.get(id);
    if (worker === undefined) throw unknown(id);
    return worker;
  };
  const serveAll = (): void => {
    for (const worker of workers.values()) serve(state, worker);
  };
  return {
    activate: (host, run) => activate(state, host, run),
    deactivate: (host) => deactivate(state, host),
    restore(aliveAt, gone) {
      for (const incarnation of gone) forget(state, incarnation);
      restoreWorkers(state, aliveAt);
    },
    async register(request) {
      if (state.closed) throw fail('coordinator.closing', '', {});
      await register(state, request);
      return { leaseMs: options.leaseTtlMs };
    },
    exchange: (request) => exchange(state, request),
    close(host) {
      for (const study of studies) {
        if (study.host !== host) continue;
        study.closed = true;
        recallAll(state, study, 'the study is coming to its end');
      }
    },
    wake: () => settle(state),
    drain(reason) {
      state.draining ??= reason;
      serveAll();
    },
    quit(reason) {
      state.quit ??= reason;
      serveAll();
    },
    lost(id) {
      const worker = workers.get(id);
      if (worker !== undefined) lose(state, worker);
      return worker !== undefined;
    },
    live: (host) => [...workers.values()].map((it) => liveWorker(host, it, clock.monotonic())),
    views: () =>
      [...workers.values()].map((worker) => workerView(worker, studies, clock.monotonic())),
    pauseWorker: async (id, reason) => holdWorker(state, registered(id), 'drain-worker', reason),
    resumeWorker: async (id, reason) => holdWorker(state, registered(id), 'release-worker', reason),
    async checkpointWorker(id, text) {
      const reason = { code: 'user', text };
      for (const { study, trial, reserve } of registered(id).attempts) {
        if (!reserve) study.host.apply({ kind: 'checkpoint-trial', trial, reason });
      }
      await commitAll(state);
    },
    dismiss(id, how, reason) {
      const worker = registered(id);
      worker.leave = { how, reason };
      serve(state, worker);
    },
    shutdown() {
      state.closed = true;
      for (const study of studies) study.unsubscribe();
      for (const worker of workers.values()) {
        worker.cancelLease();
        answerPoll(state, worker);
      }
    },
    empty: () =>
      workers.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => state.onEmpty.push(resolve)),
  };
}

function activate(state: DispatcherState, host: StudyHost, run: RunOptions): void {
  const { files, shared = false } = run;
  const study: ActiveStudy = {
    host,
    files,
    limit: runLimit(run),
    shared,
    asked: shared && host.state.spec?.command === undefined,
    closed: false,
    dry: undefined,
    reserves: new Set(),
    program: undefined,
    usual: { ended: 0, length: undefined },
    unsubscribe: () => undefined,
  };
  const stopEvents = host.subscribe((events) => hear(state, study, events));
  const stopReady = host.onSuggestion(() => {
    study.dry = undefined;
    settle(state);
  });
  study.unsubscribe = () => {
    stopEvents();
    stopReady();
  };
  // The newcomer gets its share of the next free slots: nothing waits behind busy ones.
  if (!study.asked) {
    for (const other of state.studies) recallAll(state, other, 'another study has begun');
    const nowMs = state.options.clock.monotonic();
    for (const worker of state.workers.values()) {
      join(study, worker, shared ? clockOf(worker, nowMs) : worker.joinedUs);
    }
  }
  state.studies.push(study);
  settle(state);
}

function deactivate(state: DispatcherState, host: StudyHost): void {
  const index = state.studies.findIndex((study) => study.host === host);
  if (index < 0) return;
  const [study] = state.studies.splice(index, 1);
  study!.unsubscribe();
  for (const worker of state.workers.values()) part(state, host, worker, 'left');
}

function exchange(state: DispatcherState, request: ExchangeRequest): Promise<ExchangeResponse> {
  try {
    return answerTo(state, request);
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

function answerTo(state: DispatcherState, request: ExchangeRequest): Promise<ExchangeResponse> {
  if (state.closed) throw fail('coordinator.closing', '', {});
  const worker = state.workers.get(request.worker);
  if (worker !== undefined && trouble('worker-forgotten')) lose(state, worker);
  if (worker === undefined || state.workers.get(worker.id) !== worker) {
    throw unknown(request.worker);
  }
  if (worker.incarnation !== request.incarnation) {
    mark('exchange-superseded');
    throw superseded(request.worker);
  }
  checkRequest(worker, request);
  renewLease(state, worker);
  hearClock(worker, request.nowUs, state.options.clock.monotonic());
  const { seq, waitMs } = request;
  const isPoll = waitMs > 0;
  const known = isPoll ? worker.pollAnswer : worker.otherAnswer;
  if (known !== undefined && seq === (isPoll ? worker.pollSeq : worker.otherSeq)) {
    mark('answer-repeated');
    return known;
  }
  if (seq <= worker.lastSeq) {
    mark('exchange-overtaken');
    throw fail('worker.sequence', 'seq', { seq });
  }
  worker.lastSeq = seq;
  const answer = take(state, worker, request);
  if (isPoll) {
    worker.pollSeq = seq;
    worker.pollAnswer = answer;
  } else {
    worker.otherSeq = seq;
    worker.otherAnswer = answer;
  }
  return answer;
}

async function take(
  state: DispatcherState,
  worker: WorkerRecord,
  request: ExchangeRequest,
): Promise<ExchangeResponse> {
  const { seq, free, reserve, leaving } = request;
  // One poll waits at a time: the newer one has the newer list of free slots. Whoever leaves waits for nothing.
  if (request.waitMs > 0 || request.draining) answerPoll(state, worker);
  worker.draining ||= request.draining ?? false;
  if (request.leftMs !== undefined) worker.leftMs = countdown(state, request.leftMs);
  const rejected = takeFacts(state, worker, request);
  // What waited behind a trial that has ended has begun.
  if (request.ended.length > 0) for (const study of state.studies) reconsider(state, study);
  if (leaving) remove(state, worker, 'left');
  const trials = leaving ? [] : fillSlots(state, worker, request);
  // The poll that waits does not offer these: the next one does.
  if (free.some((slot) => isEmpty(worker, slot))) answerPoll(state, worker);
  if (reserve !== undefined && !leaving) trials.push(...fillReserves(state, worker, reserve, seq));
  // Its workers hear of it in this very answer.
  endStudies(state);
  const commands = leaving ? [] : commandsFor(state, worker, { seq, trials });
  tellNews(state);
  await commitAll(state);
  // Given up meanwhile: whatever the answer hands out has become somebody else's.
  if (!leaving && state.workers.get(worker.id) !== worker) {
    mark('worker-gone-during-commit');
    throw unknown(worker.id);
  }
  mark('committed-unanswered');
  const facts = request.reports.length + request.ended.length > 0 || leaving;
  const toSay = trials.length + commands.length > 0 || facts;
  const superseded = worker.lastSeq !== seq;
  if (!toSay && !superseded && request.waitMs > 0) return park(state, worker, request);
  const answer: ExchangeResponse = {
    seq,
    trials: kept(trials),
    commands: kept(commands),
    rejected: kept(rejected),
  };
  if (isScarce(state)) answer.scarce = true;
  return answer;
}

/** An answer is kept until the next one: without the room that a list has when it grows. */
function kept<T>(list: T[]): T[] {
  return list.length === 0 ? NONE : list.slice();
}

const NONE: never[] = [];

function countdown({ options: { clock } }: DispatcherState, leftMs: number): () => number {
  const endsMs = clock.monotonic() + leftMs;
  return () => endsMs - clock.monotonic();
}

async function holdWorker(
  state: DispatcherState,
  worker: WorkerRecord,
  kind: 'drain-worker' | 'release-worker',
  text: string,
): Promise<void> {
  worker.paused = kind === 'drain-worker' ? text : undefined;
  const reason = { code: 'user', text };
  for (const { host } of state.studies) host.apply({ kind, worker: worker.id, reason });
  await commitAll(state);
}
