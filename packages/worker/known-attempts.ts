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

/** By trial. */
type Generation = Map<number, Known>;

interface Known {
  study: string;
  attempt: number;
  createdAt: number;
  /** Of another study, the trial with the same number. */
  other: Known | undefined;
}

/**
 * Those of the last `keptMs`, or the latest `most`. Two generations, of which the older one goes as a whole: to delete
 * one after the other would take longer.
 */
export function knownAttempts(clock: Clock, keptMs: number, most = MOST): KnownAttempts {
  return new Generations(clock, keptMs, most);
}

/** A class: of 10,000 workers in one process each has one. */
class Generations implements KnownAttempts {
  readonly #clock: Clock;
  readonly #keptMs: number;
  readonly #most: number;
  #beganMs: number;
  #latest: Generation = new Map();
  #before: Generation = new Map();
  #size = 0;

  constructor(clock: Clock, keptMs: number, most: number) {
    this.#clock = clock;
    this.#keptMs = keptMs;
    this.#most = most;
    this.#beganMs = clock.monotonic();
  }

  add(attempt: Attempt): boolean {
    const known = find(this.#latest, attempt);
    if (isOver(known, attempt) || isOver(find(this.#before, attempt), attempt)) return false;
    const { study, trial, attempt: number, createdAt } = attempt;
    if (known === undefined) {
      const other = this.#latest.get(trial);
      this.#latest.set(trial, { study, attempt: number, createdAt, other });
    } else {
      known.attempt = number;
      known.createdAt = createdAt;
    }
    this.#size += 1;
    const nowMs = this.#clock.monotonic();
    if (this.#size < this.#most && nowMs - this.#beganMs < this.#keptMs) return true;
    this.#before = this.#latest;
    this.#latest = new Map();
    this.#size = 0;
    this.#beganMs = nowMs;
    return true;
  }
}

function find(generation: Generation, { study, trial }: Attempt): Known | undefined {
  let known = generation.get(trial);
  while (known !== undefined && known.study !== study) known = known.other;
  return known;
}

/** An attempt of a deleted study has the same numbers as one of its successor. */
function isOver(known: Known | undefined, { attempt, createdAt }: Attempt): boolean {
  return known?.createdAt === createdAt && known.attempt >= attempt;
}
