// The port between a worker's slots and whatever runs a trial on them: a process, or a function.

import type { Ended, Assignment, WireNumber } from '@fleetune/protocol';

/** One report of a trial. Without a step it counts as the next one. */
export interface ReportRow {
  step?: number;
  metrics: Record<string, WireNumber>;
}

export type Outcome = Pick<
  Ended,
  'end' | 'why' | 'exit' | 'tail' | 'spawnedUs' | 'exitedUs' | 'setupUs' | 'setupFailed'
>;

/** Where a running attempt says what happened; the worker brings it to the coordinator. */
export interface AttemptSink {
  /** Rows arrive in the order of the calls. */
  report(row: ReportRow): void;
  /** Rows that the coordinator has not acknowledged yet: a reason to slow the program down. */
  backlog(): number;
  /** Resolves once every row so far has been acknowledged, and what the answer told has been done. */
  answered(): Promise<void>;
  /** Its process is gone, and its slot can take the next one, while its last words are still being read. */
  exited(): void;
  /** Called once, last. */
  ended(outcome: Outcome): void;
}

/** Ends that the worker brings about itself. */
export type Interruption = { end: 'stopped' | 'preempted' | 'lost'; why: string };

export interface RunningAttempt {
  /** Asks the program to write a checkpoint now, and to go on. */
  checkpoint(reason: string): void;
  /** Asks the program to end; after its grace it is killed. Further calls change nothing. */
  stop(interruption: Interruption): void;
  /** Ends it now. */
  kill(interruption: Interruption): void;
}

/** An attempt behind another one. */
export interface PreparedAttempt {
  /** Begun untold, as the one before it is gone: `start` has to follow. Known when that one says that it has exited. */
  begun(): boolean;
  /** As `Runner.start`. */
  start(sink: AttemptSink): RunningAttempt;
  /** Instead of `start`. Calls back once it is sure that it does not begin; never when it has begun meanwhile. */
  discard(done: () => void): void;
}

export interface Runner {
  /**
   * For an attempt that begins when `before` is gone: does soon what would cost time then. Absent: nothing would. Never
   * throws.
   */
  prepare?(assignment: Assignment, before: RunningAttempt | undefined): PreparedAttempt;
  /** Spawns before it returns: this is the hot path between two trials of a slot. Never throws. */
  start(assignment: Assignment, sink: AttemptSink): RunningAttempt;
  /** After the last attempt has ended: waits for files to be written, closes what is open. */
  close(): Promise<void>;
}
