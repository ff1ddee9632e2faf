import type { Clock } from '@fleetune/platform';

/**
 * The wall clock as it was when the coordinator began, and the time since by the clock that does not jump: a machine
 * whose clock is set forward by a day has not worked for a day, and no budget of time ends by it.
 */
export function steadyClock(clock: Clock): Clock {
  const beganAt = clock.now();
  const beganMs = clock.monotonic();
  return {
    now: () => beganAt + Math.round(clock.monotonic() - beganMs),
    monotonic: () => clock.monotonic(),
    after: (ms, callback, options) => clock.after(ms, callback, options),
  };
}
