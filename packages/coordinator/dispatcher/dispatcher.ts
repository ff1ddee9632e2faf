import { fail, type FleetuneError, type LiveWorker, type Waits } from '@fleetune/core';
import type { CoordinatorLink, ExchangeRequest, ExchangeResponse } from '@fleetune/protocol';
import type { StudyHost } from '../study-host.ts';
import { checkRequest } from './check-request.ts';
import { commitAll, type DispatcherOptions, type DispatcherState } from './dispatcher-state.ts';
import { fillSlots } from './fill-slots.ts';
import { takeFacts } from './take-facts.ts';
import { commandsFor } from './worker-commands.ts';
import { workerView, type WorkerView } from './worker-view.ts';
import { answerPoll, liveWorker, newWorker, takeWaits, type WorkerRecord } from './worker-table.ts';

/** Trial → slot: takes the workers' exchanges, gives free slots their next trial. */
export interface Dispatcher extends CoordinatorLink {
  /** Hands out the study's trials, after those of the studies before it. */
  activate(host: StudyHost, files: string, options?: { asked?: boolean }): void;
  /** Starts no more trials of this study. */
  close(host: StudyHost): void;
  /** Has nothing more to do with the study. */
  deactivate(host: StudyHost): void;
  /** Something changed that may give waiting slots work, or stop what they run. */
  wake(): void;
  /** No more trials for anyone; running ones are asked to stop and go back to the queue. */
  drain(reason: string): void;
  /** Every worker ends what it runs, and leaves. */
  quit(reason: string): void;
  /** The engine says that this worker's process is gone: as good as an expired lease. False when it never registered. */
  lost(worker: string): boolean;
  /** What runs now, for a ledger that counts the present. */
  live(): LiveWorker[];
  /** Every registered worker, for people. */
  views(): WorkerView[];
  /** No new trials for the worker, of any study, until it is resumed. */
  pauseWorker(worker: string, reason: string): Promise<void>;
  resumeWorker(worker: string, reason: string): Promise<void>;
  /** Has the worker leave: after its trials had time to keep what they have, or at once. */
  dismiss(worker: string, how: 'drain' | 'quit', reason: string): void;
  /** Takes and says nothing more. */
  shutdown(): void;
  /** Resolves once no worker is registered. */
  empty(): Promise<void>;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { clock } = options;
  const state: DispatcherState = {
    options,
    workers: new Map(),
    studies: [],
    gone: new Set(),
    draining: undefined,
    closed: false,
    quit: undefined,
  };
  const { workers, studies, gone } = state;
  let onEmpty: (() => void)[] = [];

  function renewLease(worker: WorkerRecord): void {
    worker.cancelLease();
    worker.seenMs = clock.monotonic();
    const expired = (): void => lose(worker);
    worker.cancelLease = clock.after(options.leaseTtlMs, expired, { unref: true });
  }

  function lose(worker: WorkerRecord): void {
    if (workers.get(worker.id) !== worker) return;
    remove(worker, 'lost');
    // A failed commit is told to whoever runs the study.
    commitAll(state).then(wake, () => undefined);
  }

  function remove(worker: WorkerRecord, how: 'left' | 'lost'): void {
    const nowMs = clock.monotonic();
    const idle = worker.slots.map((slot) => takeWaits(slot, nowMs));
    worker.cancelLease();
    workers.delete(worker.id);
    gone.add(worker.incarnation);
    answerPoll(worker);
    for (const { host } of studies) part(host, worker, how, idle);
    if (workers.size > 0) return;
    onEmpty.forEach((resolve) => resolve());
    onEmpty = [];
  }

  async function take(worker: WorkerRecord, request: ExchangeRequest): Promise<ExchangeResponse> {
    const { seq, leaving } = request;
    // One poll waits at a time: the newer one has the newer list of free slots.
    answerPoll(worker);
    worker.nowUs = Math.max(worker.nowUs, request.nowUs);
    worker.draining ||= request.draining ?? false;
    const rejected = takeFacts(worker, request);
    if (leaving) remove(worker, 'left');
    const trials = leaving ? [] : fillSlots(state, worker, request.free);
    const commands = leaving ? [] : commandsFor(state, worker);
    await commitAll(state);
    // Given up meanwhile: whatever the answer hands out has become somebody else's.
    if (!leaving && workers.get(worker.id) !== worker) throw unknown(worker.id);
    const facts = request.reports.length + request.ended.length > 0 || leaving;
    if (facts) wake();
    const toSay = trials.length + commands.length > 0 || facts;
    const superseded = worker.lastSeq !== seq;
    if (toSay || superseded || request.waitMs === 0) return { seq, trials, commands, rejected };
    return park(worker, request);
  }

  function park(
    worker: WorkerRecord,
    { seq, free, waitMs }: ExchangeRequest,
  ): Promise<ExchangeResponse> {
    return new Promise((answer) => {
      const late = (): void => {
        // There may be something to say again.
        serve(worker);
        answerPoll(worker);
      };
      const cancelTimer = clock.after(waitMs, late, { unref: true });
      worker.poll = { seq, free, answer, cancelTimer };
      // What happened during the commit must not be slept over.
      serve(worker);
    });
  }

  /** Answers a parked poll as soon as there is something to say, and that is durable. */
  function serve(worker: WorkerRecord): void {
    const { poll } = worker;
    if (poll === undefined) return;
    const trials = fillSlots(state, worker, poll.free);
    const commands = commandsFor(state, worker);
    if (trials.length + commands.length === 0) return;
    worker.poll = undefined;
    poll.cancelTimer();
    const answer = { seq: poll.seq, trials, commands, rejected: [] };
    commitAll(state).then(
      () => poll.answer(answer),
      // The worker keeps what it runs; the study's run ends with the error.
      () => poll.answer({ ...answer, trials: [], commands: [] }),
    );
  }

  function wake(): void {
    for (const worker of workers.values()) serve(worker);
    if ((state.quit ?? state.draining) !== undefined) return;
    // A study may come to its end while no slot asks for work.
    for (const { host, closed } of studies) {
      if (host.state.live.size > 0) continue;
      if (closed || host.nextWork().work === 'finished') options.onFinished(host);
    }
  }

  function known(id: string): WorkerRecord {
    const worker = workers.get(id);
    if (worker === undefined) throw unknown(id);
    return worker;
  }

  async function holdWorker(
    id: string,
    kind: 'drain-worker' | 'release-worker',
    text: string,
  ): Promise<void> {
    const worker = known(id);
    worker.paused = kind === 'drain-worker' ? text : undefined;
    for (const { host } of studies)
      host.apply({ kind, worker: id, reason: { code: 'user', text } });
    await commitAll(state);
    serve(worker);
  }

  return {
    activate(host, files, { asked = false } = {}) {
      studies.push({ host, files, closed: false, asked });
      if (!asked) for (const worker of workers.values()) join(host, worker);
      wake();
    },
    async register(request) {
      if (state.closed) throw fail('coordinator.closing', '', {});
      if (gone.has(request.incarnation)) throw superseded(request.worker);
      const known = workers.get(request.worker);
      if (known?.incarnation !== request.incarnation) {
        const worker = newWorker(request, clock.monotonic());
        if (known !== undefined) remove(known, 'lost');
        workers.set(worker.id, worker);
        renewLease(worker);
        for (const { host, asked } of studies) if (!asked) join(host, worker);
        await commitAll(state);
      }
      return { leaseMs: options.leaseTtlMs };
    },
    async exchange(request) {
      if (state.closed) throw fail('coordinator.closing', '', {});
      const worker = workers.get(request.worker);
      if (worker === undefined) throw unknown(request.worker);
      if (worker.incarnation !== request.incarnation) throw superseded(request.worker);
      checkRequest(worker, request);
      renewLease(worker);
      const { seq, waitMs } = request;
      const kind = waitMs > 0 ? 'poll' : 'other';
      const known = worker.answers[kind];
      if (known?.seq === seq) return known.response;
      if (seq <= worker.lastSeq) throw fail('worker.sequence', 'seq', { seq });
      worker.lastSeq = seq;
      const response = take(worker, request);
      worker.answers[kind] = { seq, response };
      return response;
    },
    close(host) {
      for (const study of studies) if (study.host === host) study.closed = true;
    },
    deactivate(host) {
      const index = studies.findIndex((study) => study.host === host);
      if (index >= 0) studies.splice(index, 1);
      for (const worker of workers.values()) part(host, worker, 'left', []);
    },
    wake,
    drain(reason) {
      state.draining ??= reason;
      wake();
    },
    quit(reason) {
      state.quit ??= reason;
      wake();
    },
    lost(id) {
      const worker = workers.get(id);
      if (worker !== undefined) lose(worker);
      return worker !== undefined;
    },
    live: () => [...workers.values()].map((worker) => liveWorker(worker, clock.monotonic())),
    views: () => [...workers.values()].map((worker) => workerView(worker, clock.monotonic())),
    pauseWorker: (id, reason) => holdWorker(id, 'drain-worker', reason),
    resumeWorker: (id, reason) => holdWorker(id, 'release-worker', reason),
    dismiss(id, how, reason) {
      const worker = known(id);
      worker.leave = { how, reason };
      worker.toldToLeaveMs = undefined;
      serve(worker);
    },
    shutdown() {
      state.closed = true;
      for (const worker of workers.values()) {
        worker.cancelLease();
        answerPoll(worker);
      }
    },
    empty: () =>
      workers.size === 0 ? Promise.resolve() : new Promise((resolve) => onEmpty.push(resolve)),
  };
}

function join(study: StudyHost, { id, host, pid, slots }: WorkerRecord): void {
  study.apply({ kind: 'worker-joined', worker: id, host, pid, slots: slots.length });
}

function part(study: StudyHost, worker: WorkerRecord, how: 'left' | 'lost', idle: Waits[]): void {
  study.apply({ kind: 'worker-left', worker: worker.id, how, atUs: worker.nowUs, idle });
}

function unknown(worker: string): FleetuneError {
  return fail('worker.unknown', 'worker', { worker });
}

function superseded(worker: string): FleetuneError {
  return fail('worker.superseded', 'worker', { worker });
}
