import type { Clock } from '../ports.ts';

/** Longer ones overflow the timer of JavaScript, which then fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback, options) {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      const thisMs = Math.min(leftMs, LONGEST_TIMER_MS);
      timer = setTimeout(() => (leftMs > thisMs ? wait(leftMs - thisMs) : callback()), thisMs);
      if (options?.unref) timer.unref();
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};
