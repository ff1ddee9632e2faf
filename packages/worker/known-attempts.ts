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
  #size = 0;
  /** The first of a chain: studies are few. */
  #studies: OfStudy | undefined;

  constructor(clock: Clock, keptMs: number, most: number) {
    this.#clock = clock;
    this.#keptMs = keptMs;
    this.#most = most;
    this.#beganMs = clock.monotonic();
  }

  add(attempt: Attempt): boolean {
    const known = this.#ofStudy(attempt.study);
    // Most trials come in their order: these need not be looked for.
    if (attempt.trial <= known.highest) {
      if (isOver(known.latest, attempt) || isOver(known.before, attempt)) return false;
    }
    note(known.latest, attempt);
    known.highest = Math.max(known.highest, attempt.trial);
    this.#size += 1;
    const nowMs = this.#clock.monotonic();
    if (this.#size >= this.#most || nowMs - this.#beganMs >= this.#keptMs) this.#turn(nowMs);
    return true;
  }

  #ofStudy(study: string): OfStudy {
    let known = this.#studies;
    while (known !== undefined && known.study !== study) known = known.next;
    if (known !== undefined) return known;
    return (this.#studies = { study, highest: -1, latest: [], before: [], next: this.#studies });
  }

  #turn(nowMs: number): void {
    let known = this.#studies;
    this.#studies = undefined;
    for (; known !== undefined; known = known.next) {
      if (known.latest.length === 0) continue;
      const { study, highest, latest } = known;
      this.#studies = { study, highest, latest: [], before: latest, next: this.#studies };
    }
    this.#size = 0;
    this.#beganMs = nowMs;
  }
}

interface OfStudy {
  readonly study: string;
  /** No trial that is known has a higher number. */
  highest: number;
  readonly latest: Attempts;
  readonly before: Attempts;
  readonly next: OfStudy | undefined;
}

/** Trial, attempt, createdAt; the next trial's …, ascending: objects in a table would take several times as much. */
type Attempts = number[];

/** Where the trial is, or would be. */
function placeOf(attempts: Attempts, trial: number): number {
  let from = 0;
  let to = attempts.length / 3;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (attempts[3 * middle]! < trial) from = middle + 1;
    else to = middle;
  }
  return 3 * from;
}

/** An attempt of a deleted study has the same numbers as one of its successor. */
function isOver(attempts: Attempts, { trial, attempt, createdAt }: Attempt): boolean {
  const at = placeOf(attempts, trial);
  if (attempts[at] !== trial || attempts[at + 2] !== createdAt) return false;
  return attempts[at + 1]! >= attempt;
}

function note(attempts: Attempts, { trial, attempt, createdAt }: Attempt): void {
  const at = placeOf(attempts, trial);
  if (at === attempts.length) attempts.push(trial, attempt, createdAt);
  else attempts.splice(at, attempts[at] === trial ? 3 : 0, trial, attempt, createdAt);
}
