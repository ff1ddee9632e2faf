import type { Clock } from '../ports.ts';
import { timerHeap, type Timer } from './timer-heap.ts';

/** A clock that is moved by hand: time passes when its owner says so, and what was due then has happened. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** How long until the next callback is due; undefined when nothing is. */
  untilNext(): number | undefined;
  /** Moves to the next callback and calls that one alone; false when there is none. */
  step(): boolean;
}

/**
 * Times are whole parts of a millisecond, so that their sums and differences are exact: whoever waits for what is left
 * of a time does not wait for a rest that no number can express.
 */
const GRID = 2 ** 20;

export function manualClock(startMs = 1_700_000_000_000): ManualClock {
  let elapsedMs = 0;
  let sequence = 0;
  const timers = timerHeap();

  function call(timer: Timer): void {
    timers.remove(timer);
    elapsedMs = Math.max(elapsedMs, timer.atMs);
    timer.callback();
  }

  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    after(ms, callback) {
      const atMs = Math.ceil((elapsedMs + ms) * GRID) / GRID;
      const timer = { atMs, sequence: sequence++, callback, place: -1 };
      timers.add(timer);
      return () => timers.remove(timer);
    },
    advance(ms) {
      const endMs = elapsedMs + ms;
      for (;;) {
        const first = timers.first();
        if (first === undefined || first.atMs > endMs) break;
        call(first);
      }
      elapsedMs = endMs;
    },
    untilNext() {
      const first = timers.first();
      return first && Math.max(0, first.atMs - elapsedMs);
    },
    step() {
      const first = timers.first();
      if (first === undefined) return false;
      call(first);
      return true;
    },
  };
}
