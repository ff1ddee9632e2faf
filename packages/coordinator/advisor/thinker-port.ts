// A sampler that thinks elsewhere: messages to it are taken in their order, and so are its answers.

import type { Change, Effort, Exhausted, Params, StudySpec, Suggestion } from '@fleetune/core';

export type ToThinker =
  /** The first message. */
  | {
      kind: 'begin';
      spec: Pick<StudySpec, 'space' | 'constraints' | 'sampler' | 'seed' | 'objectives'>;
    }
  | { kind: 'learn'; changes: Change[] }
  /**
   * A suggestion as if for that trial. `ahead`: it counts as pending until it is forgotten, so that the next one
   * keeps away from it.
   */
  | { kind: 'make'; id: number; trial: number; effort: Effort; ahead: boolean };

export interface Made {
  id: number;
  answer: Suggestion | Exhausted;
  /** What it and the learning since the last one took; of the first one, which knows the history, it alone. */
  tookMs: number;
}

export interface Thinker {
  tell(message: ToThinker): void;
  stop(): void;
}

/** Where thinkers come from. */
export interface Thinkers {
  start(listener: {
    onMade(made: Made): void;
    /** It ended by itself. */
    onDeath(why: string): void;
  }): Thinker;
  /** Milliseconds that this thread has kept a processor busy: on a full machine that is less than what passes. */
  workedMs(): number;
}

/** Suggestions that wait in the queue are pending under numbers that no trial reaches. */
const GHOSTS_FROM = 2 ** 40;

export function ghost(id: number, params: Params): Change {
  return { trial: GHOSTS_FROM + id, params, outcome: { state: 'pending' } };
}

export function noGhost(id: number): Change {
  return { trial: GHOSTS_FROM + id, params: {}, outcome: { state: 'removed' } };
}
