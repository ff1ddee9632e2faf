import type { Clock, Logger } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import type { AttemptId, Outbox, Spool } from './exchange/outbox.ts';
import type { AttemptSink, Interruption, Outcome, Runner, RunningAttempt } from './runner.ts';

/** What runs where. */
export interface Slots {
  free(): number[];
  idle(): boolean;
  /** Spawns at once. */
  start(assignment: Assignment): void;
  /** An assignment that can't be run here ends without having begun. */
  giveBack(assignment: Assignment, why: string): void;
  stop(id: AttemptId, interruption: Interruption): void;
  stopAll(interruption: Interruption): void;
  /** Resolves when nothing runs any more. */
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
  /** There is a new fact, or a slot has become free. */
  onNews(): void;
}

interface Live {
  assignment: Assignment;
  spool: Spool;
  /** Absent while the runner's `start` is still under way. */
  running?: RunningAttempt;
}

export function createSlots(options: SlotsOptions): Slots {
  const live = new Array<Live | undefined>(options.slots).fill(undefined);
  let emptied: (() => void)[] = [];

  const lives = (): Live[] => live.filter((entry) => entry !== undefined);
  const find = (id: AttemptId): Live | undefined => lives().find((entry) => same(entry, id));

  function vacate(slot: number): void {
    live[slot] = undefined;
    if (lives().length > 0) return;
    for (const resolve of emptied) resolve();
    emptied = [];
  }

  function giveBack(assignment: Assignment, why: string): void {
    const { clock, outbox, onNews } = options;
    const now = Math.round(clock.monotonic() * 1000);
    const outcome: Outcome = { end: 'preempted', why, spawnedUs: now, exitedUs: now };
    outbox.open(idOf(assignment)).end({ ...idOf(assignment), ...outcome, slot: assignment.slot });
    onNews();
  }

  function start(assignment: Assignment): void {
    const { slot } = assignment;
    if (!(slot in live) || live[slot] !== undefined) {
      options.log.error('assigned to a slot that is not free', idOf(assignment));
      return giveBack(assignment, `slot ${slot} of this worker was not free`);
    }
    const spool = options.outbox.open(idOf(assignment));
    const entry: Live = { assignment, spool };
    live[slot] = entry;
    entry.running = options.runner.start(
      assignment,
      sinkOf(entry, options.onNews, () => vacate(slot)),
    );
  }

  return {
    free: () => [...live.keys()].filter((slot) => live[slot] === undefined),
    idle: () => lives().length === 0,
    start,
    giveBack,
    stop: (id, interruption) => find(id)?.running?.stop(interruption),
    stopAll: (interruption) => lives().forEach(({ running }) => running?.stop(interruption)),
    killAll(interruption) {
      for (const { running } of lives()) running?.kill(interruption);
      if (lives().length === 0) return Promise.resolve();
      return new Promise((resolve) => void emptied.push(resolve));
    },
    drop(id, code) {
      const entry = find(id);
      if (code !== 'attempt.stale') return;
      entry?.spool.drop();
      entry?.running?.kill({ end: 'lost', why: 'its lease was given to another attempt' });
    },
  };
}

function sinkOf(entry: Live, onNews: () => void, vacate: () => void): AttemptSink {
  const { assignment, spool } = entry;
  return {
    report(row) {
      spool.report(row);
      onNews();
    },
    backlog: () => spool.backlog(),
    answered: () => spool.answered(),
    ended(outcome) {
      spool.end({ ...idOf(assignment), ...outcome, slot: assignment.slot });
      vacate();
      onNews();
    },
  };
}

function idOf({ study, trial, attempt }: AttemptId): AttemptId {
  return { study, trial, attempt };
}

function same({ assignment }: Live, id: AttemptId): boolean {
  return (
    assignment.trial === id.trial &&
    assignment.attempt === id.attempt &&
    assignment.study === id.study
  );
}
