/** How long to wait until a process that has died is started again. */
export interface RestartDelay {
  /** `livedMs`: from its start to its death. */
  next(livedMs: number): number;
}

/** One that lived so long was not broken from the start. */
const YOUNG_MS = 10_000;
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * The first death is an accident, and slots are waiting: at once. Whoever dies young again and again would only keep
 * the machine busy with starting: longer each time, up to half a minute.
 */
export function restartDelay(): RestartDelay {
  let young = 0;
  return {
    next(livedMs) {
      young = livedMs < YOUNG_MS ? young + 1 : 0;
      return young < 2 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (young - 2));
    },
  };
}
