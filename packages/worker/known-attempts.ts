import type { Clock } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';

/** Attempts that were begun here: an answer that was long under way may bring one again. */
export interface KnownAttempts {
  /** False when it is known, or a later attempt of its trial is. */
  add(attempt: Attempt): boolean;
}

type Attempt = Pick<Assignment, 'study' | 'trial' | 'attempt' | 'createdAt'>;

/** So many of the latest are enough, however short the time. */
const MOST = 5_000;

/** By study and trial. */
type Generation = Map<string, Map<number, Pick<Attempt, 'attempt' | 'createdAt'>>>;

/**
 * Those of the last `keptMs`, or the latest `most`. Two generations, of which the older one goes as a whole: to delete
 * one after the other would take longer.
 */
export function knownAttempts(clock: Clock, keptMs: number, most = MOST): KnownAttempts {
  let beganMs = clock.monotonic();
  let latest: Generation = new Map();
  let before: Generation = new Map();
  let size = 0;

  return {
    add({ study, trial, attempt, createdAt }) {
      for (const generation of [latest, before]) {
        const known = generation.get(study)?.get(trial);
        // An attempt of a deleted study has the same numbers as one of its successor.
        if (known?.createdAt === createdAt && known.attempt >= attempt) return false;
      }
      let ofStudy = latest.get(study);
      if (ofStudy === undefined) latest.set(study, (ofStudy = new Map()));
      ofStudy.set(trial, { attempt, createdAt });
      size += 1;
      if (size < most && clock.monotonic() - beganMs < keptMs) return true;
      before = latest;
      latest = new Map();
      size = 0;
      beganMs = clock.monotonic();
      return true;
    },
  };
}
