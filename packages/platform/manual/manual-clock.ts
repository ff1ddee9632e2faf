import type { Clock } from '../ports.ts';
import { timerHeap } from './timer-heap.ts';

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

const NOTHING = (): void => undefined;

export function manualClock(startMs = 1_700_000_000_000): ManualClock {
  let elapsedMs = 0;
  const timers = timerHeap();

  function callNext(atMs: number): void {
    elapsedMs = Math.max(elapsedMs, atMs);
    timers.take()();
  }

  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    after(ms, callback) {
      const atMs = Math.ceil((elapsedMs + ms) * GRID) / GRID;
      // Never due: a heap with thousands of these would only take longer.
      if (atMs === Infinity) return NOTHING;
      return timers.set(atMs, callback);
    },
    advance(ms) {
      const endMs = elapsedMs + ms;
      for (;;) {
        const nextMs = timers.nextMs();
        if (nextMs === undefined || nextMs > endMs) break;
        callNext(nextMs);
      }
      elapsedMs = endMs;
    },
    untilNext() {
      const nextMs = timers.nextMs();
      return nextMs === undefined ? undefined : Math.max(0, nextMs - elapsedMs);
    },
    step() {
      const nextMs = timers.nextMs();
      if (nextMs === undefined) return false;
      callNext(nextMs);
      return true;
    },
  };
}
