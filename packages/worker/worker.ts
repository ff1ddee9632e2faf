import { FleetuneError } from '@fleetune/core';
import { mark, type Clock, type Logger, type Random } from '@fleetune/platform';
import {
  PROTOCOL,
  type Assignment,
  type CoordinatorLink,
  type ExchangeRequest,
  type ExchangeResponse,
  type RegisterResponse,
  type WorkerCommand,
} from '@fleetune/protocol';
import { createOutbox, type Batch, type Outbox } from './exchange/outbox.ts';
import { createLifetime, type Lifetime, type Walltime } from './lifetime.ts';
import { createCaller, type Caller, type CallerOptions } from './exchange/caller.ts';
import { exchangeCall } from './exchange/exchange-call.ts';
import type { Runner } from './runner.ts';
import { createSlots, type Slots } from './slots.ts';

export interface WorkerOptions {
  link: CoordinatorLink;
  slots: number;
  host: string;
  pid: number;
  clock: Clock;
  random: Random;
  runner: Runner;
  log: Logger;
  /** The launcher's handle; the coordinator's name for this worker. */
  name?: string;
  /** Without any answer for so long the worker ends its trials and leaves, so that the allocation is freed. */
  deathTimeoutMs?: number;
  /** Where reports wait while the coordinator is away for long; absent: in memory. */
  spoolFolder?: string;
  /** The allocation's own end: the worker drains itself before it. */
  walltime?: Walltime;
}

export interface Worker {
  readonly name: string;
  /** Until it has left, or `worker.coordinator-gone`, or the coordinator refuses it. */
  run(): Promise<void>;
  /** Takes no more trials; running ones are asked to end, and go back to the queue. */
  drain(reason: string): void;
  /** Ends every trial now and leaves. */
  quit(reason: string): void;
}

/** So many heartbeats go to a lease: it ends when all of them are missed. */
const BEATS_PER_LEASE = 3;
/** Beyond the poll's own time: the coordinator's work, the network. A message that got lost must not cost the lease. */
const ANSWER_MS = 3_000;
const DEATH_TIMEOUT_MS = 600_000;
/** A worker that ends now does not wait for a coordinator that is away. */
const LAST_WORD_MS = 1_000;
/** Nor does one for long that leaves in order, with nothing left to say but that. */
const GOODBYE_MS = 10_000;

type Facts = Pick<ExchangeRequest, 'reports' | 'ended' | 'waitMs'>;

interface State {
  readonly options: WorkerOptions;
  readonly name: string;
  /** New with every registration, so that the coordinator refuses what an earlier one sent. */
  incarnation: string;
  /** The latest registration. */
  registered: Promise<void>;
  readonly outbox: Outbox;
  readonly slots: Slots;
  readonly callers: Readonly<Record<'registration' | 'facts' | 'poll', Caller>>;
  readonly left: PromiseWithResolvers<void>;
  seq: number;
  /** How long a poll without news is kept open: it is the heartbeat. */
  pollMs: number;
  factsOut: boolean;
  pollOut: boolean;
  /** Something without facts that the coordinator should hear at once. */
  news: boolean;
  /** A look at what there is to send is due in this very turn of the event loop. */
  pumping: boolean;
  /** Absent: without end. */
  lifetime?: Lifetime;
  draining?: string;
  quitting?: string;
  closing: boolean;
  /** The coordinator does not answer; said once. */
  away: boolean;
}

export function createWorker(options: WorkerOptions): Worker {
  const name = options.name ?? `${options.host}-${options.random.id(9)}`;
  const outbox = createOutbox(options.spoolFolder);
  const { slots, clock, random, runner, log, deathTimeoutMs = DEATH_TIMEOUT_MS } = options;
  const calling: CallerOptions = {
    clock,
    random,
    giveUpMs() {
      if (state.quitting !== undefined) return LAST_WORD_MS;
      return isSilent(state) ? Math.min(GOODBYE_MS, deathTimeoutMs) : deathTimeoutMs;
    },
    onTrouble: (error) => complain(state, error),
  };
  const onNews = (): void => tell(state);
  const state: State = {
    options,
    name,
    incarnation: '',
    registered: Promise.resolve(),
    outbox,
    slots: createSlots({ slots, runner, outbox, clock, log, deathTimeoutMs, onNews }),
    callers: {
      registration: createCaller(calling),
      facts: createCaller(calling),
      poll: createCaller(calling),
    },
    left: Promise.withResolvers(),
    seq: 0,
    pollMs: 0,
    factsOut: false,
    pollOut: false,
    news: false,
    pumping: false,
    closing: false,
    away: false,
  };
  return {
    name,
    async run() {
      try {
        await (state.registered = register(state));
        const { walltime } = options;
        if (walltime !== undefined) {
          const over = (): void => drain(state, 'its walltime is nearly over');
          state.lifetime = createLifetime(walltime, options, over);
        }
        pump(state);
        await state.left.promise;
      } finally {
        state.closing = true;
        for (const caller of Object.values(state.callers)) caller.close('the worker has left');
        await state.slots.killAll({ end: 'lost', why: 'the worker left' });
        await options.runner.close();
      }
    },
    drain: (reason) => drain(state, reason),
    quit: (reason) => quit(state, reason),
  };
}

/** `nowUs`: our clock, where an earlier registration has our time up to now. */
async function register(state: State, nowUs?: number): Promise<void> {
  const { link, host, pid, slots } = state.options;
  const { name: worker } = state;
  const takeIncarnation = (): void => void (state.incarnation = state.options.random.id());
  const send = (): Promise<RegisterResponse> => {
    const { incarnation } = state;
    const identity = { protocol: PROTOCOL, worker, incarnation, host, pid, slots };
    return link.register({ ...identity, ...(nowUs !== undefined && { nowUs }) });
  };
  takeIncarnation();
  const { leaseMs } = await state.callers.registration.call({
    send,
    timeoutMs: ANSWER_MS,
    // This registration was taken, and has expired before we heard of it.
    recover({ code }) {
      if (code !== 'worker.superseded') return undefined;
      mark('registration-superseded');
      return Promise.resolve(takeIncarnation());
    },
  });
  state.pollMs = Math.floor(leaseMs / BEATS_PER_LEASE);
}

/** Our lease ran out, or the coordinator is a new one: what we run was given to others, or will be. */
function registerAgain(state: State): Promise<void> {
  mark('registered-again');
  void state.slots.killAll({ end: 'lost', why: 'the coordinator has given up this worker' });
  state.registered = register(state, Math.round(state.options.clock.monotonic() * 1000));
  return state.registered;
}

/** What is said in one breath, such as a last report and the end, goes out together. */
function tell(state: State): void {
  state.news = true;
  pumpSoon(state);
}

function pumpSoon(state: State): void {
  if (state.pumping) return;
  state.pumping = true;
  void Promise.resolve().then(() => {
    state.pumping = false;
    pump(state);
  });
}

/** Sends what there is to send: facts at once, one exchange with facts at a time, and a poll when there are none. */
function pump(state: State): void {
  if (state.closing || state.factsOut) return;
  const batch = state.outbox.take();
  if (isDone(state) && batch === undefined && !state.pollOut) {
    void leave(state);
  } else if (batch !== undefined || state.news) {
    state.news = false;
    state.factsOut = true;
    void exchange(state, 'facts', { ...(batch ?? NO_FACTS), waitMs: 0 });
  } else if (!state.pollOut) {
    state.pollOut = true;
    void exchange(state, 'poll', { ...NO_FACTS, waitMs: state.pollMs });
  }
}

const NO_FACTS: Batch = { reports: [], ended: [] };

function isDone(state: State): boolean {
  return state.draining !== undefined && state.slots.idle();
}

/** Nothing that it knows would be lost with it. */
function isSilent(state: State): boolean {
  return isDone(state) && state.outbox.empty;
}

async function leave(state: State): Promise<void> {
  state.closing = true;
  const request = newRequest(state, { ...NO_FACTS, waitMs: 0 });
  try {
    await send(state, 'facts', { ...request, leaving: true });
  } catch (error) {
    // A goodbye that was heard, whose answer was lost.
    if (codeOf(error) === 'worker.unknown') mark('goodbye-unheard');
    // The lease ends it as well, only later.
    else state.options.log.warn('left without a goodbye', { error: sentence(error) });
  }
  state.left.resolve();
}

/** Then sends what there is to send by then. */
async function exchange(state: State, kind: 'facts' | 'poll', facts: Facts): Promise<void> {
  const request = newRequest(state, facts);
  try {
    hear(state, request, await send(state, kind, request));
    if (kind === 'facts') state.outbox.settle();
  } catch (error) {
    if (kind === 'poll' && codeOf(error) === 'worker.sequence') {
      // A poll that a later exchange has overtaken on the way carries nothing that could be lost.
      mark('poll-overtaken');
      hear(state, request, { seq: request.seq, trials: [], commands: [], rejected: [] });
    } else {
      state.closing = true;
      if (state.quitting === undefined && !isSilent(state)) state.left.reject(error);
      else state.left.resolve();
    }
  }
  if (kind === 'facts') state.factsOut = false;
  else state.pollOut = false;
  // Functions that the answer has started begin first: a coordinator in this process would answer before them.
  pumpSoon(state);
}

function hear(state: State, request: ExchangeRequest, response: ExchangeResponse): void {
  if (state.away) state.options.log.info('the coordinator answers again');
  state.away = false;
  state.slots.answered(request.free, request.reserve ?? []);
  take(state, response);
}

function newRequest(state: State, facts: Facts): ExchangeRequest {
  const { name, incarnation, slots, lifetime } = state;
  const takes = state.draining === undefined;
  const request: ExchangeRequest = {
    protocol: PROTOCOL,
    worker: name,
    incarnation,
    seq: ++state.seq,
    nowUs: Math.round(state.options.clock.monotonic() * 1000),
    reports: facts.reports,
    ended: facts.ended,
    waitMs: facts.waitMs,
    free: takes ? slots.offerFree() : [],
  };
  const reserve = takes ? slots.offerReserves() : [];
  if (reserve.length > 0) request.reserve = reserve;
  if (lifetime !== undefined) request.leftMs = lifetime.leftMs();
  if (!takes) request.draining = true;
  return request;
}

function send(
  state: State,
  kind: 'facts' | 'poll',
  request: ExchangeRequest,
): Promise<ExchangeResponse> {
  const call = exchangeCall(state, request, request.waitMs + ANSWER_MS, recover);
  return state.callers[kind].call(call);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof FleetuneError ? error.code : undefined;
}

function complain(state: State, error: unknown): void {
  if (state.away || state.quitting !== undefined) return;
  state.away = true;
  const why = { error: sentence(error) };
  state.options.log.warn('the coordinator does not answer; trying on', why);
}

/** `incarnation`: ours, when we sent what was refused. */
function recover(
  state: State,
  { code }: FleetuneError,
  incarnation: string,
): Promise<void> | undefined {
  if (state.closing || (code !== 'worker.unknown' && code !== 'worker.superseded'))
    return undefined;
  // Another exchange has heard of it already.
  if (incarnation !== state.incarnation) return state.registered;
  // Superseded: another process has our name, and our trials.
  return code === 'worker.unknown' ? registerAgain(state) : undefined;
}

/** Trials first: a slot is waiting for them. */
function take(state: State, response: ExchangeResponse): void {
  state.slots.setScarce(response.scarce ?? false);
  for (const assignment of response.trials) start(state, assignment);
  // The poll that is out does not offer the place behind it yet.
  if (state.pollOut && response.trials.length > 0 && state.slots.wantsReserve()) state.news = true;
  for (const command of response.commands) obey(state, command);
  for (const { code, ...id } of response.rejected) {
    state.options.log.warn('the coordinator refused a report or a result', { ...id, code });
    state.slots.drop(id, code);
  }
}

function start(state: State, assignment: Assignment): void {
  if (state.draining === undefined) state.slots.start(assignment);
  else state.slots.giveBack(assignment, state.draining);
}

function obey(state: State, command: WorkerCommand): void {
  if (command.command === 'drain') drain(state, command.reason);
  else if (command.command === 'quit') quit(state, command.reason);
  else if (command.command === 'checkpoint') state.slots.checkpoint(command, command.reason);
  else {
    // One that has not begun has nothing to stop.
    state.slots.giveBackReserve(command, command.reason);
    if (command.command === 'return') return;
    state.slots.stop(command, { end: 'stopped', why: command.reason });
  }
}

function drain(state: State, reason: string): void {
  if (state.draining !== undefined) return;
  state.draining = reason;
  // At once, and small: there may be three seconds for everything.
  tell(state);
  state.slots.giveBackReserves(reason);
  state.slots.stopAll({ end: 'preempted', why: reason });
}

function quit(state: State, reason: string): void {
  if (state.quitting !== undefined) return;
  state.quitting = reason;
  state.draining ??= reason;
  state.slots.giveBackReserves(reason);
  void state.slots.killAll({ end: 'preempted', why: reason });
  tell(state);
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
