import { fail, type ErrorInfo, type LiveWorker } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import {
  type Assignment,
  type CoordinatorLink,
  type Ended,
  type ExchangeRequest,
  type ExchangeResponse,
  type Reports,
  type WorkerCommand,
} from '@fleetune/protocol';
import type { StudyHost } from '../study-host.ts';
import { programOf } from './program.ts';
import {
  clockOf,
  holdSlot,
  liveWorker,
  newWorker,
  rememberAnswer,
  takeWaits,
  type Slot,
  type WorkerRecord,
} from './worker-table.ts';

/** Trial → slot: takes the workers' exchanges, gives free slots their next trial. */
export interface Dispatcher extends CoordinatorLink {
  /** Studies whose trials are handed out, in this order. */
  activate(host: StudyHost, files: string): void;
  /** Something changed that may give waiting slots work, or stop what they run. */
  wake(): void;
  /** No more trials for anyone; running ones are asked to stop and go back to the queue. */
  drain(reason: string): void;
  /** Every worker ends what it runs, and leaves. */
  quit(reason: string): void;
  /** Starts no more trials of this study. */
  close(host: StudyHost): void;
  /** What runs now, for a ledger that counts the present. */
  live(): LiveWorker[];
  /** The engine says that this worker's process is gone: as good as an expired lease. */
  lost(worker: string): void;
  /** Resolves once no worker is registered. */
  empty(): Promise<void>;
}

export interface DispatcherOptions {
  clock: Clock;
  /** An attempt goes on without its worker's word for this long (engines: three missed beats of 5 s). */
  leaseTtlMs: number;
  /** A study has nothing running and nothing will come: its sampler is exhausted, or `nextWork` says finished. */
  onFinished(host: StudyHost): void;
}

interface Active {
  host: StudyHost;
  files: string;
  closed: boolean;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { clock, leaseTtlMs } = options;
  const workers = new Map<string, WorkerRecord>();
  const studies: Active[] = [];
  let draining: string | undefined;
  let emptied: (() => void)[] = [];

  function hostNamed(name: string): StudyHost | undefined {
    return studies.find((active) => active.host.name === name)?.host;
  }

  function commitAll(): Promise<unknown> {
    return Promise.all(studies.map((active) => active.host.commit()));
  }

  function renewLease(worker: WorkerRecord): void {
    worker.cancelLease();
    worker.seenMs = clock.monotonic();
    worker.cancelLease = clock.after(leaseTtlMs, () => expire(worker), { unref: true });
  }

  function expire(worker: WorkerRecord): void {
    if (workers.get(worker.id) !== worker) return;
    remove(worker, 'lost');
    void commitAll().then(wake, () => undefined);
  }

  function remove(worker: WorkerRecord, how: 'left' | 'lost'): void {
    const now = clock.monotonic();
    const idle = worker.slots.map((slot) => takeWaits(slot, now));
    worker.cancelLease();
    workers.delete(worker.id);
    answerPoll(worker, emptyAnswer(worker.poll?.seq ?? 0));
    for (const { host } of studies) {
      host.apply({ kind: 'worker-left', worker: worker.id, how, atUs: worker.nowUs, idle });
    }
    if (workers.size === 0) {
      emptied.forEach((resolve) => resolve());
      emptied = [];
    }
  }

  /** The next trial for one slot, or undefined when it has to wait (the slot then carries the cause). */
  function nextFor(worker: WorkerRecord, index: number, slot: Slot): Assignment | undefined {
    if (worker.draining || worker.quit !== undefined || draining !== undefined) {
      holdSlot(slot, 'drained', clock.monotonic());
      return undefined;
    }
    for (const active of studies) {
      const assignment = startOn(active, worker, index, slot);
      if (assignment !== undefined) return assignment;
    }
    return undefined;
  }

  function startOn(
    active: Active,
    worker: WorkerRecord,
    index: number,
    slot: Slot,
  ): Assignment | undefined {
    const { host } = active;
    if (active.closed) {
      holdSlot(slot, 'drained', clock.monotonic());
      return void (host.state.live.size === 0 && options.onFinished(host));
    }
    const next = host.nextWork();
    if (next.work === 'wait') return void holdSlot(slot, next.category, clock.monotonic());
    if (next.work === 'finished') {
      holdSlot(slot, 'tail', clock.monotonic());
      return void options.onFinished(host);
    }
    let suggestion;
    if (next.work === 'suggest') {
      holdSlot(slot, 'suggestion', clock.monotonic());
      const answer = host.suggest(next.trial);
      if ('exhausted' in answer) {
        holdSlot(slot, 'tail', clock.monotonic());
        return void (host.state.live.size === 0 && options.onFinished(host));
      }
      suggestion = answer;
    }
    const refused = host.apply({
      kind: 'start-attempt',
      worker: worker.id,
      slot: index,
      ...(suggestion && { suggestion }),
    });
    if (refused !== undefined) return undefined;
    return assign(active, worker, index, slot, next.trial);
  }

  function assign(
    active: Active,
    worker: WorkerRecord,
    index: number,
    slot: Slot,
    trial: number,
  ): Assignment {
    const { host, files } = active;
    const record = host.state.trials[trial]!;
    const spec = host.state.spec!;
    const attempt = record.attempts.length;
    const nowMs = clock.monotonic();
    const waits = takeWaits(slot, nowMs);
    const sinceUs = clockOf(worker, nowMs);
    slot.occupant = { host, trial, attempt, waits, sinceUs, told: false };
    return {
      study: host.name,
      trial,
      attempt,
      slot: index,
      params: record.params,
      ...(spec.fidelity && { fidelityTarget: spec.fidelity.max }),
      leaseMs: leaseTtlMs,
      program: programOf(spec, files),
    };
  }

  function takeReports(worker: WorkerRecord, item: Reports): ErrorInfo | undefined {
    const host = hostNamed(item.study);
    if (host === undefined || occupied(worker, item) === undefined) return stale(item);
    const { trial, attempt, from, columns } = item;
    return host.apply({ kind: 'report', trial, attempt, from, columns });
  }

  function takeEnd(worker: WorkerRecord, item: Ended): ErrorInfo | undefined {
    const host = hostNamed(item.study);
    const slot = worker.slots[item.slot];
    const occupant = slot?.occupant;
    if (host === undefined || slot === undefined || !isAttempt(occupant, item)) return stale(item);
    const { trial, attempt, end, why, exit, tail, spawnedUs, exitedUs } = item;
    const refused = host.apply({
      kind: 'end-attempt',
      trial,
      attempt,
      end,
      why,
      ...(exit && { exit }),
      ...(tail && { tail }),
      use: { worker: worker.id, slot: item.slot, spawnedUs, exitedUs },
      waits: occupant.waits,
    });
    if (refused === undefined || refused.code === 'attempt.stale') slot.occupant = undefined;
    return refused;
  }

  /** Stops that this worker has not heard of, and its leave. */
  function commandsFor(worker: WorkerRecord): WorkerCommand[] {
    const commands: WorkerCommand[] = [];
    for (const { occupant } of worker.slots) {
      if (occupant === undefined || occupant.told) continue;
      const stopping = occupant.host.state.trials[occupant.trial]?.stopping;
      if (stopping === undefined) continue;
      occupant.told = true;
      const { trial, attempt } = occupant;
      const study = occupant.host.name;
      commands.push({ command: 'stop', study, trial, attempt, reason: stopping.reason.text });
    }
    if (worker.quit !== undefined) commands.push({ command: 'quit', reason: worker.quit });
    else if (draining !== undefined && !worker.draining) {
      commands.push({ command: 'drain', reason: draining });
    }
    return commands;
  }

  function fill(worker: WorkerRecord, free: readonly number[]): Assignment[] {
    const trials: Assignment[] = [];
    for (const index of free) {
      const slot = worker.slots[index];
      // An assignment may be on its way while the worker still calls the slot free.
      if (slot === undefined || slot.occupant !== undefined) continue;
      const assignment = nextFor(worker, index, slot);
      if (assignment !== undefined) trials.push(assignment);
    }
    return trials;
  }

  async function take(worker: WorkerRecord, request: ExchangeRequest): Promise<ExchangeResponse> {
    answerPoll(worker, emptyAnswer(worker.poll?.seq ?? 0));
    worker.nowUs = Math.max(worker.nowUs, request.nowUs);
    worker.draining ||= request.draining ?? false;
    const rejected: ExchangeResponse['rejected'] = [];
    const collect = (item: Ended | Reports, refusal: ErrorInfo | undefined): void => {
      if (refusal === undefined) return;
      const { study, trial, attempt } = item;
      rejected.push({ study, trial, attempt, code: refusal.code });
    };
    for (const item of request.reports) collect(item, takeReports(worker, item));
    for (const item of request.ended) collect(item, takeEnd(worker, item));
    if (request.leaving) remove(worker, 'left');
    const trials = request.leaving ? [] : fill(worker, request.free);
    const commands = request.leaving ? [] : commandsFor(worker);
    const facts = request.reports.length + request.ended.length > 0 || request.leaving;
    await commitAll();
    if (facts) wakeOthers(worker);
    const answered = trials.length + commands.length > 0 || facts;
    const superseded = worker.lastSeq !== request.seq;
    if (answered || superseded || request.waitMs === 0) {
      return { seq: request.seq, trials, commands, rejected };
    }
    return park(worker, request);
  }

  function park(worker: WorkerRecord, request: ExchangeRequest): Promise<ExchangeResponse> {
    return new Promise((resolve) => {
      const timeout = (): void => answerPoll(worker, emptyAnswer(request.seq));
      worker.poll = {
        seq: request.seq,
        free: request.free,
        answer: resolve,
        cancelTimer: clock.after(request.waitMs, timeout, { unref: true }),
      };
      // What happened during the commit must not be slept over.
      serve(worker);
    });
  }

  /** Answers a parked poll as soon as there is something to say, and that is durable. */
  function serve(worker: WorkerRecord): void {
    const { poll } = worker;
    if (poll === undefined) return;
    const trials = fill(worker, poll.free);
    const commands = commandsFor(worker);
    if (trials.length + commands.length === 0) return;
    worker.poll = undefined;
    poll.cancelTimer();
    const response = { seq: poll.seq, trials, commands, rejected: [] };
    void commitAll().then(
      () => poll.answer(response),
      () => poll.answer(emptyAnswer(poll.seq)),
    );
  }

  function wake(): void {
    for (const worker of workers.values()) serve(worker);
  }

  function wakeOthers(than: WorkerRecord): void {
    for (const worker of workers.values()) if (worker !== than) serve(worker);
  }

  return {
    activate(host, files) {
      studies.push({ host, files, closed: false });
    },
    async register(request) {
      const known = workers.get(request.worker);
      if (known !== undefined && known.incarnation !== request.incarnation) remove(known, 'lost');
      if (known === undefined || known.incarnation !== request.incarnation) {
        const worker = newWorker(request, clock.monotonic());
        workers.set(worker.id, worker);
        renewLease(worker);
        const { host: name, pid, slots } = request;
        for (const { host } of studies) {
          host.apply({ kind: 'worker-joined', worker: worker.id, host: name, pid, slots });
        }
        await commitAll();
      }
      return { leaseMs: leaseTtlMs };
    },
    async exchange(request) {
      const worker = workers.get(request.worker);
      if (worker === undefined || worker.incarnation !== request.incarnation) {
        throw fail('worker.unknown', 'worker', { worker: request.worker });
      }
      renewLease(worker);
      const known = worker.answers.get(request.seq);
      if (known !== undefined) return known;
      if (request.seq <= worker.lastSeq) throw fail('worker.sequence', 'seq', { seq: request.seq });
      worker.lastSeq = request.seq;
      const answer = take(worker, request);
      rememberAnswer(worker, request.seq, answer);
      return answer;
    },
    wake,
    drain(reason) {
      draining ??= reason;
      wake();
    },
    quit(reason) {
      for (const worker of workers.values()) worker.quit ??= reason;
      wake();
    },
    lost(id) {
      const worker = workers.get(id);
      if (worker !== undefined) expire(worker);
    },
    close(host) {
      for (const active of studies) if (active.host === host) active.closed = true;
    },
    live: () => [...workers.values()].map((worker) => liveWorker(worker, clock.monotonic())),
    empty: () =>
      workers.size === 0 ? Promise.resolve() : new Promise((resolve) => void emptied.push(resolve)),
  };
}

function answerPoll(worker: WorkerRecord, response: ExchangeResponse): void {
  const { poll } = worker;
  if (poll === undefined) return;
  worker.poll = undefined;
  poll.cancelTimer();
  poll.answer(response);
}

function emptyAnswer(seq: number): ExchangeResponse {
  return { seq, trials: [], commands: [], rejected: [] };
}

function isAttempt<T extends { trial: number; attempt: number; host: StudyHost }>(
  occupant: T | undefined,
  item: { study: string; trial: number; attempt: number },
): occupant is T {
  return (
    occupant?.host.name === item.study &&
    occupant.trial === item.trial &&
    occupant.attempt === item.attempt
  );
}

function occupied(worker: WorkerRecord, item: Reports): Slot | undefined {
  return worker.slots.find((slot) => isAttempt(slot.occupant, item));
}

function stale(item: { trial: number; attempt: number }): ErrorInfo {
  const { trial, attempt } = item;
  return fail('attempt.stale', 'attempt', { trial, attempt }).info;
}
