import { mark, trouble, type Clock, type Logger } from '@fleetune/platform';
import type { Assignment, Ended } from '@fleetune/protocol';
import type { AttemptId, Outbox, Spool } from './exchange/outbox.ts';
import { knownAttempts, type KnownAttempts } from './known-attempts.ts';
import { createRecentMedian, type RecentMedian } from './recent-median.ts';
import type {
  AttemptSink,
  Interruption,
  Outcome,
  PreparedAttempt,
  ReportRow,
  Runner,
  RunningAttempt,
} from './runner.ts';

/** By slot: 1 or 0. */
export type Flags = Uint8Array;

/** What runs where, and what waits behind it. */
export interface Slots {
  /** Those without a trial, but for these. */
  free(but: Flags): number[];
  /** Busy slots that should have a reserve: one unstarted trial that begins in the moment the present one is gone. */
  wanting(but: Flags): number[];
  idle(): boolean;
  /** No more is to come: a slot that gets free has the reserve of another one given back, which it can have then. */
  setScarce(scarce: boolean): void;
  /** Spawns at once; a reserve when its slot's present trial is gone. */
  start(assignment: Assignment): void;
  /** An assignment that can't be run here ends without having begun. */
  giveBack(assignment: Assignment, why: string): void;
  /** Reserves end without having begun: this one, if it has not, or all. */
  giveBackReserve(id: AttemptId, why: string): void;
  giveBackReserves(why: string): void;
  checkpoint(id: AttemptId, reason: string): void;
  stop(id: AttemptId, interruption: Interruption): void;
  stopAll(interruption: Interruption): void;
  /** Forgets reserves. Resolves when nothing runs any more. */
  killAll(interruption: Interruption): Promise<void>;
  /** The coordinator wants no more of this attempt; a stale one is killed. */
  drop(id: AttemptId, code: string): void;
}

export interface SlotsOptions {
  slots: number;
  runner: Runner;
  outbox: Outbox;
  clock: Clock;
  log: Logger;
  /** No answer takes longer: the worker gives up before. */
  deathTimeoutMs: number;
  /** There is a new fact, or a slot has become free. */
  onNews(): void;
}

/** Where attempts last longer a gap is nothing, and a suggestion made so long ahead is stale. */
const RESERVE_BELOW_MS = 5_000;
/** Behind a trial that is so long after all, a reserve only keeps others from taking it. */
const RESERVE_KEPT_MS = 10_000;
const RECENT = 31;

interface Reserve {
  readonly assignment: Assignment;
  readonly prepared: PreparedAttempt | undefined;
  readonly cancelReturn: () => void;
  /** It is not wanted here any more; it may have begun before that was heard. */
  returning: boolean;
  /** Nor anywhere: then it is killed. */
  forgotten?: Interruption;
}

interface Slot {
  present: Live | undefined;
  /** The present one is gone, only its last words are not read yet. */
  exited: boolean;
  reserve: Reserve | undefined;
}

interface State {
  readonly options: SlotsOptions;
  readonly slots: Slot[];
  /** Everything that has not ended; of a slot with a reserve there may be two for a moment. */
  readonly live: Set<Live>;
  readonly durationsMs: RecentMedian;
  readonly known: KnownAttempts;
  emptied: (() => void)[];
  scarce: boolean;
}

export function createSlots(options: SlotsOptions): Slots {
  const newSlot = (): Slot => ({ present: undefined, exited: false, reserve: undefined });
  const state: State = {
    options,
    slots: Array.from({ length: options.slots }, newSlot),
    live: new Set(),
    durationsMs: createRecentMedian(RECENT),
    known: knownAttempts(options.clock, options.deathTimeoutMs),
    emptied: [],
    scarce: false,
  };
  const { slots, live } = state;
  const find = (id: AttemptId): Live | undefined => {
    for (const entry of live) if (same(entry.assignment, id)) return entry;
    return undefined;
  };
  const reserved = (id: AttemptId): Slot | undefined =>
    slots.find(({ reserve }) => reserve !== undefined && same(reserve.assignment, id));

  return {
    free: (but) => indexes(slots, (slot) => slot.present === undefined, but),
    wanting: (but) => wanting(state, but),
    idle: () => live.size === 0,
    setScarce: (scarce) => void (state.scarce = scarce),
    start: (assignment) => start(state, assignment),
    giveBack: (assignment, why) => giveBack(state, assignment, why),
    giveBackReserve(id, why) {
      const slot = reserved(id);
      if (slot !== undefined) giveBackReserve(options, slot, why);
    },
    giveBackReserves: (why) => slots.forEach((slot) => giveBackReserve(options, slot, why)),
    checkpoint: (id, reason) => find(id)?.running?.checkpoint(reason),
    stop: (id, interruption) => find(id)?.running?.stop(interruption),
    stopAll: (interruption) => live.forEach(({ running }) => running?.stop(interruption)),
    killAll(interruption) {
      for (const slot of slots) forgetReserve(slot, interruption);
      for (const { running } of live) running?.kill(interruption);
      if (live.size === 0) return Promise.resolve();
      return new Promise((resolve) => void state.emptied.push(resolve));
    },
    drop(id, code) {
      if (code !== 'attempt.stale') return;
      mark('attempt-dropped');
      const interruption = { end: 'lost', why: 'its lease was given to another attempt' } as const;
      const slot = reserved(id);
      if (slot !== undefined) forgetReserve(slot, interruption);
      const entry = find(id);
      entry?.spool.drop();
      entry?.running?.kill(interruption);
    },
  };
}

function wanting({ options, slots, durationsMs }: State, but: Flags): number[] {
  const { median = Infinity } = durationsMs;
  if (median >= RESERVE_BELOW_MS) return [];
  const youngest = options.clock.monotonic() - RESERVE_BELOW_MS;
  return indexes(
    slots,
    ({ present, reserve }) =>
      present !== undefined && reserve === undefined && present.startedMs > youngest,
    but,
  );
}

function start(state: State, assignment: Assignment): void {
  const { options, slots, known } = state;
  // Two coordinators, one after the other, may both answer with the same attempt.
  if (!known.add(assignment)) {
    mark('attempt-known');
    return;
  }
  const slot = slots[assignment.slot];
  const mayWait = assignment.reserve === true && slot?.reserve === undefined;
  if (slot === undefined || (slot.present !== undefined && !mayWait)) {
    options.log.error('assigned to a slot that is not free', idOf(assignment));
    giveBack(state, assignment, `slot ${assignment.slot} of this worker was not free`);
  } else if (slot.present === undefined) {
    begin(state, slot, assignment, (sink) => options.runner.start(assignment, sink));
  } else {
    keepReserve(options, slot, slot.present, assignment);
    if (slot.exited) succeed(state, slot);
  }
}

function begin(
  state: State,
  slot: Slot,
  assignment: Assignment,
  spawn: (sink: AttemptSink) => RunningAttempt,
  after?: Live,
): void {
  const entry = new Live(state, slot, assignment, after);
  state.live.add(entry);
  slot.present = entry;
  slot.exited = false;
  entry.running = spawn(entry);
}

function keepReserve(
  options: SlotsOptions,
  slot: Slot,
  { startedMs, running }: Live,
  assignment: Assignment,
): void {
  const { clock, runner } = options;
  const leftMs = Math.max(0, startedMs + RESERVE_KEPT_MS - clock.monotonic());
  const why = 'the trial before it on its slot takes longer than expected';
  const cancelReturn = clock.after(leftMs, () => giveBackReserve(options, slot, why), {
    unref: true,
  });
  const prepared = runner.prepare?.(assignment, running);
  slot.reserve = { assignment, cancelReturn, prepared, returning: false };
  if (trouble('reserve-returned')) giveBackReserve(options, slot, 'it may always be');
}

/** `done`: it is sure that it does not begin. */
function discardReserve(slot: Slot, reserve: Reserve, done: () => void): void {
  reserve.cancelReturn();
  reserve.returning = true;
  const gone = (): void => {
    if (slot.reserve === reserve) slot.reserve = undefined;
    done();
  };
  if (reserve.prepared === undefined) gone();
  else reserve.prepared.discard(gone);
}

function forgetReserve(slot: Slot, interruption: Interruption): void {
  const { reserve } = slot;
  if (reserve === undefined) return;
  reserve.forgotten = interruption;
  if (!reserve.returning) discardReserve(slot, reserve, () => undefined);
}

/** The present trial is gone: the reserve takes its place, in the same tick. */
function succeed(state: State, slot: Slot): void {
  const { present: before, reserve } = slot;
  if (reserve === undefined) return;
  const { assignment, prepared, returning, forgotten } = reserve;
  if (returning && !prepared?.begun) return;
  mark('reserve-began');
  slot.reserve = undefined;
  reserve.cancelReturn();
  const spawn = (sink: AttemptSink): RunningAttempt =>
    prepared?.start(sink) ?? state.options.runner.start(assignment, sink);
  begin(state, slot, assignment, spawn, before);
  if (forgotten !== undefined) slot.present?.running?.kill(forgotten);
}

/** An attempt that runs, and what its program says. A class: as functions of their own these would take most of it. */
class Live implements AttemptSink {
  readonly assignment: Assignment;
  readonly spool: Spool;
  readonly startedMs: number;
  /** Absent while the runner's `start` is still under way. */
  running: RunningAttempt | undefined;
  readonly #state: State;
  readonly #slot: Slot;

  constructor(state: State, slot: Slot, assignment: Assignment, after: Live | undefined) {
    const { outbox, clock } = state.options;
    this.assignment = assignment;
    this.spool = outbox.open(assignment, after?.spool);
    this.startedMs = clock.monotonic();
    this.#state = state;
    this.#slot = slot;
  }

  report(row: ReportRow): void {
    this.spool.report(row);
    this.#state.options.onNews();
  }

  backlog(): number {
    return this.spool.backlog();
  }

  answered(): Promise<void> {
    return this.spool.answered();
  }

  exited(): void {
    this.#slot.exited = true;
    succeed(this.#state, this.#slot);
  }

  ended(outcome: Outcome): void {
    const state = this.#state;
    const slot = this.#slot;
    if (slot.present === this) succeed(state, slot);
    const empty = slot.present === this;
    if (empty) slot.present = undefined;
    this.spool.end(endedOf(this.assignment, outcome));
    state.durationsMs.add((outcome.exitedUs - outcome.spawnedUs) / 1000);
    remove(state, this);
    const spare = empty && state.scarce ? spareReserve(state) : undefined;
    // Told together with this end: one request, and the slot has it.
    if (spare !== undefined) giveBackReserve(state.options, spare, 'another slot is free');
    else state.options.onNews();
  }
}

/** The one that has waited for longest: a trial that comes much later than its turn may be the last one to end. */
function spareReserve({ slots }: State): Slot | undefined {
  const [oldest] = slots
    .filter(({ present, reserve }) => present && reserve?.returning === false)
    .toSorted((a, b) => a.present!.startedMs - b.present!.startedMs);
  return oldest;
}

function remove(state: State, entry: Live): void {
  state.live.delete(entry);
  if (state.live.size > 0) return;
  for (const resolve of state.emptied) resolve();
  state.emptied = [];
}

function giveBackReserve(options: SlotsOptions, slot: Slot, why: string): void {
  const { reserve } = slot;
  if (reserve === undefined || reserve.returning) return;
  discardReserve(slot, reserve, () => {
    mark('reserve-given-back');
    endUnstarted(options, reserve.assignment, why, 0);
  });
}

function giveBack({ options, slots }: State, assignment: Assignment, why: string): void {
  const free = slots[assignment.slot]?.present === undefined;
  const nowUs = Math.round(options.clock.monotonic() * 1000);
  endUnstarted(options, assignment, why, free ? nowUs : 0);
}

/** `atUs` is zero where the slot was another trial's all the time. */
function endUnstarted(
  { outbox, onNews }: SlotsOptions,
  assignment: Assignment,
  why: string,
  atUs: number,
): void {
  const outcome: Outcome = { end: 'preempted', why, spawnedUs: atUs, exitedUs: atUs };
  outbox.open(assignment).end(endedOf(assignment, outcome));
  onNews();
}

function indexes(slots: readonly Slot[], wanted: (slot: Slot) => boolean, but: Flags): number[] {
  const found: number[] = [];
  for (let index = 0; index < slots.length; index++) {
    if (wanted(slots[index]!) && but[index] === 0) found.push(index);
  }
  return found;
}

function endedOf({ study, trial, attempt, slot }: Assignment, outcome: Outcome): Ended {
  return { ...outcome, study, trial, attempt, slot };
}

function idOf({ study, trial, attempt }: AttemptId): AttemptId {
  return { study, trial, attempt };
}

function same(one: AttemptId, other: AttemptId): boolean {
  return one.trial === other.trial && one.attempt === other.attempt && one.study === other.study;
}
