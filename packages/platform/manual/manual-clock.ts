import type { Clock } from '../ports.ts';

/** A clock for tests: time passes when the test says so, and what was due then has happened. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** How long until the next callback is due; undefined when nothing is. */
  untilNext(): number | undefined;
}

export function manualClock(startMs = 1_700_000_000_000): ManualClock {
  let elapsedMs = 0;
  const timers = new Set<{ atMs: number; callback: () => void }>();
  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    after(ms, callback) {
      const timer = { atMs: elapsedMs + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const endMs = elapsedMs + ms;
      for (;;) {
        const due = [...timers].filter(({ atMs }) => atMs <= endMs);
        const [first] = due.sort((a, b) => a.atMs - b.atMs);
        if (first === undefined) break;
        timers.delete(first);
        elapsedMs = Math.max(elapsedMs, first.atMs);
        first.callback();
      }
      elapsedMs = endMs;
    },
    untilNext() {
      if (timers.size === 0) return undefined;
      let firstMs = Infinity;
      for (const { atMs } of timers) firstMs = Math.min(firstMs, atMs);
      return Math.max(0, firstMs - elapsedMs);
    },
  };
}
