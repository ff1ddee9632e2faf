import { createSampler, type Change, type SearchSpace, type Suggestion } from '@fleetune/core';
import { ghost, noGhost } from './thinker-port.ts';

/** Draws of their own: never those that a sampler makes in its random start-up. */
const DRAWS_FROM = 2 ** 32;

/** The cause of a suggestion that the study's sampler did not make. */
export interface Cause {
  code: 'fallback-starting' | 'fallback-empty' | 'fallback-load' | 'fallback-dead';
  text: string;
}

/** Random suggestions at once, whatever the study's sampler is doing. */
export interface Fallback {
  observe(change: Change): void;
  /** A suggestion waits in the queue: its params are not to be repeated. */
  reserve(id: number, suggestion: Suggestion): void;
  release(id: number): void;
  suggest(trial: number, sampler: string, cause: Cause): Suggestion;
}

export function createFallback(
  space: SearchSpace,
  seed: number,
  history: () => Iterable<Change>,
): Fallback {
  const random = createSampler({ type: 'random' }, space, seed);
  // In an infinite space there are no repeats to keep away from.
  const remembers = space.size !== Infinity;
  if (remembers) for (const change of history()) random.observe(change);
  const observe = (change: Change): void => {
    if (remembers) random.observe(change);
  };
  return {
    observe,
    reserve: (id, { params }) => observe(ghost(id, params)),
    release: (id) => observe(noGhost(id)),
    suggest(trial, sampler, { code, text }) {
      const suggestion = random.suggest(DRAWS_FROM + trial) as Suggestion;
      const reason = { code, text: `Drawn at random in place of ${sampler}: ${text}.` };
      return { ...suggestion, reason };
    },
  };
}

export function isFallback({ reason }: Suggestion): boolean {
  return reason.code.startsWith('fallback-');
}
