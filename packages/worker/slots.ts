import { mark } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import { added } from './added.ts';
import type { AttemptId, Spool } from './exchange/outbox.ts';
import { knownAttempts, type KnownAttempts } from './known-attempts.ts';
import { addLength, areShort, newLengths } from './recent-lengths.ts';
import type { AttemptSink, Interruption, Outcome, ReportRow, RunningAttempt } from './runner.ts';
import {
  RESERVE_BELOW_MS,
  endUnstarted,
  endedOf,
  forgetReserve,
  giveBackReserve,
  keepReserve,
  newSlot,
  wantsReserve,
  type Present,
  type Slot,
  type SlotsOptions,
} from './slot.ts';

/** What runs where, and what waits behind it. */
export interface Slots {
  /** Those without a trial that are not offered for one yet: they are from now on. */
  offerFree(): number[];
  /** The same for busy slots that want a reserve: one unstarted trial that begins in the moment the present one is gone. */
  offerReserves(): number[];
  /** The request that offered these has its answer. */
  answered(free: readonly number[], reserve: readonly number[]): void;
  /** There is a place behind a trial that is not offered. */
  wantsReserve(): boolean;
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

const NOBODY: readonly never[] = [];

export function createSlots(options: SlotsOptions): Slots {
  return new State(options);
}

/** A class: of 10,000 workers in one process each has one. */
class State implements Slots {
  readonly options: SlotsOptions;
  readonly slots: Slot[];
  /** Everything that has not ended: few, so that they need no set. Of a slot with a reserve there may be two for a moment. */
  readonly live: Live[] = [];
  readonly lengths = newLengths();
  readonly known: KnownAttempts;
  emptied: readonly (() => void)[] = NOBODY;
  scarce = false;

  constructor(options: SlotsOptions) {
    this.options = options;
    this.slots = Array.from({ length: options.slots }, newSlot);
    this.known = knownAttempts(options.clock, options.deathTimeoutMs);
  }

  offerFree(): number[] {
    return indexes(this.slots, (slot) => {
      if (slot.present !== undefined || slot.offered) return false;
      return (slot.offered = true);
    });
  }

  offerReserves(): number[] {
    if (!areShort(this.lengths)) return [];
    return indexes(
      this.slots,
      (slot) => wantsReserve(this.options, slot) && (slot.reserveOffered = true),
    );
  }

  answered(free: readonly number[], reserve: readonly number[]): void {
    for (const index of free) this.slots[index]!.offered = false;
    for (const index of reserve) this.slots[index]!.reserveOffered = false;
  }

  wantsReserve(): boolean {
    return areShort(this.lengths) && this.slots.some((slot) => wantsReserve(this.options, slot));
  }

  idle(): boolean {
    return this.live.length === 0;
  }

  setScarce(scarce: boolean): void {
    this.scarce = scarce;
  }

  start(assignment: Assignment): void {
    start(this, assignment);
  }

  giveBack(assignment: Assignment, why: string): void {
    giveBack(this, assignment, why);
  }

  giveBackReserve(id: AttemptId, why: string): void {
    const slot = reserved(this, id);
    if (slot !== undefined) giveBackReserve(this.options, slot, why);
  }

  giveBackReserves(why: string): void {
    for (const slot of this.slots) giveBackReserve(this.options, slot, why);
  }

  checkpoint(id: AttemptId, reason: string): void {
    find(this, id)?.running?.checkpoint(reason);
  }

  stop(id: AttemptId, interruption: Interruption): void {
    find(this, id)?.running?.stop(interruption);
  }

  stopAll(interruption: Interruption): void {
    forEach(this.live, ({ running }) => running?.stop(interruption));
  }

  killAll(interruption: Interruption): Promise<void> {
    for (const slot of this.slots) forgetReserve(slot, interruption);
    forEach(this.live, ({ running }) => running?.kill(interruption));
    if (this.live.length === 0) return Promise.resolve();
    return new Promise((resolve) => (this.emptied = [...this.emptied, resolve]));
  }

  drop(id: AttemptId, code: string): void {
    if (code !== 'attempt.stale') return;
    mark('attempt-dropped');
    const interruption = { end: 'lost', why: 'its lease was given to another attempt' } as const;
    const slot = reserved(this, id);
    if (slot !== undefined) forgetReserve(slot, interruption);
    const entry = find(this, id);
    entry?.spool.drop();
    entry?.running?.kill(interruption);
  }
}

/** Those as well that begin meanwhile, as an end may bring a beginning about. */
function forEach(live: readonly Live[], act: (entry: Live) => void): void {
  for (let at = 0; at < live.length;) {
    const entry = live[at]!;
    act(entry);
    if (live[at] === entry) at += 1;
  }
}

function find({ live }: State, id: AttemptId): Live | undefined {
  for (const entry of live) if (same(entry.assignment, id)) return entry;
  return undefined;
}

function reserved({ slots }: State, id: AttemptId): Slot | undefined {
  return slots.find(({ reserve }) => reserve !== undefined && same(reserve.assignment, id));
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
  after?: Present,
): void {
  const entry = new Live(state, slot, assignment, after);
  state.live.push(entry);
  slot.present = entry;
  slot.exited = false;
  entry.running = spawn(entry);
}

/** The present trial is gone: the reserve takes its place, in the same tick. */
function succeed(state: State, slot: Slot): void {
  const { present: before, reserve } = slot;
  if (reserve === undefined) return;
  const { assignment, prepared, returning, forgotten } = reserve;
  if (returning && !prepared?.begun()) return;
  mark('reserve-began');
  slot.reserve = undefined;
  reserve.cancelReturn();
  const spawn = (sink: AttemptSink): RunningAttempt =>
    prepared?.start(sink) ?? state.options.runner.start(assignment, sink);
  begin(state, slot, assignment, spawn, before);
  if (forgotten !== undefined) slot.present?.running?.kill(forgotten);
}

/** An attempt that runs, and what its program says. A class: as functions of their own these would take most of it. */
class Live implements AttemptSink, Present {
  readonly assignment: Assignment;
  readonly spool: Spool;
  readonly startedMs: number;
  /** Absent while the runner's `start` is still under way. */
  running: RunningAttempt | undefined;
  readonly #state: State;
  readonly #slot: Slot;

  constructor(state: State, slot: Slot, assignment: Assignment, after: Present | undefined) {
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
    addLength(state.lengths, outcome.exitedUs - outcome.spawnedUs < 1000 * RESERVE_BELOW_MS);
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
  const { live } = state;
  if (live.at(-1) === entry) live.pop();
  else live.splice(live.indexOf(entry), 1);
  if (live.length > 0 || state.emptied.length === 0) return;
  for (const resolve of state.emptied) resolve();
  state.emptied = NOBODY;
}

function giveBack({ options, slots }: State, assignment: Assignment, why: string): void {
  const free = slots[assignment.slot]?.present === undefined;
  const nowUs = Math.round(options.clock.monotonic() * 1000);
  endUnstarted(options, assignment, why, free ? nowUs : 0);
}

function indexes(slots: readonly Slot[], wanted: (slot: Slot) => boolean): number[] {
  let found: number[] = [];
  for (let index = 0; index < slots.length; index++) {
    if (wanted(slots[index]!)) found = added(found, index);
  }
  return found;
}

function idOf({ study, trial, attempt }: AttemptId): AttemptId {
  return { study, trial, attempt };
}

function same(one: AttemptId, other: AttemptId): boolean {
  return one.trial === other.trial && one.attempt === other.attempt && one.study === other.study;
}
