import {
  createSampler,
  type Change,
  type Exhausted,
  type SearchSpace,
  type StudySpec,
  type Suggestion,
} from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import { countCost, newInlineCost } from './inline-cost.ts';

/** The sampler in the coordinator's own thread: always fresh, and the same whatever the time. */
export interface Inline {
  observe(change: Change): void;
  suggest(trial: number): Suggestion | Exhausted;
  /** What the latest suggestion took, with the learning before it. */
  lastMs(): number;
}

/** `onDear` hears why suggestions should be made elsewhere. */
export function createInline(
  { spec, space, history, clock }: InlineOptions,
  onDear: (why: string) => void,
): Inline {
  const sampler = createSampler(spec.sampler, space, spec.seed);
  for (const change of history()) sampler.observe(change);
  const cost = newInlineCost(clock.monotonic());
  let learntMs = 0;
  return {
    observe(change) {
      const startMs = clock.monotonic();
      sampler.observe(change);
      learntMs += clock.monotonic() - startMs;
    },
    suggest(trial) {
      const startMs = clock.monotonic();
      const suggestion = sampler.suggest(trial);
      const nowMs = clock.monotonic();
      const why = countCost(cost, learntMs + nowMs - startMs, nowMs);
      learntMs = 0;
      if (why !== undefined) onDear(why);
      return suggestion;
    },
    lastMs: () => cost.lastMs,
  };
}

export interface InlineOptions {
  spec: StudySpec;
  space: SearchSpace;
  history: () => Iterable<Change>;
  clock: Clock;
}
