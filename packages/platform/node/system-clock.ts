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

/** The same moment reads the same in all processes of the machine. */
export const machineClock: Clock = {
  ...systemClock,
  monotonic() {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
};
