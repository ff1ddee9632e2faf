import type { Clock } from '../ports.ts';
import { FRESH, GONE, timerHeap, type Timer } from './timer-heap.ts';

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
  let sequence = 0;
  const timers = timerHeap();
  /** Set since time was last looked at: most are cancelled before it passes, and never come into the heap. */
  let fresh: Timer[] = [];

  function first(): Timer | undefined {
    for (const timer of fresh) if (timer.place === FRESH) timers.add(timer);
    if (fresh.length > 0) fresh = [];
    return timers.first();
  }

  function cancel(timer: Timer): void {
    if (timer.place === FRESH) timer.place = GONE;
    else timers.remove(timer);
  }

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
      // Never due: a heap with thousands of these would only take longer.
      if (atMs === Infinity) return NOTHING;
      const timer = { atMs, sequence: sequence++, callback, place: FRESH };
      fresh.push(timer);
      return () => cancel(timer);
    },
    advance(ms) {
      const endMs = elapsedMs + ms;
      for (;;) {
        const next = first();
        if (next === undefined || next.atMs > endMs) break;
        call(next);
      }
      elapsedMs = endMs;
    },
    untilNext() {
      const next = first();
      return next && Math.max(0, next.atMs - elapsedMs);
    },
    step() {
      const next = first();
      if (next === undefined) return false;
      call(next);
      return true;
    },
  };
}
