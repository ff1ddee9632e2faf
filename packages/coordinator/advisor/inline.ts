import {
  createSampler,
  type Change,
  type Exhausted,
  type SearchSpace,
  type StudySpec,
  type Suggestion,
} from '@fleetune/core';
import { trouble, type Clock } from '@fleetune/platform';
import { countCost, newInlineCost } from './inline-cost.ts';
import type { Thinkers } from './thinker-port.ts';

/** The sampler in the coordinator's own thread: always fresh, and the same whatever the time. */
export interface Inline {
  observe(change: Change): void;
  suggest(trial: number): Suggestion | Exhausted;
  /** What the latest suggestion took, with the learning before it. */
  lastMs(): number;
}

/** These stay here whatever happens: they cost nothing, and a grid can't be replaced by chance. */
export const ALWAYS_CHEAP: readonly string[] = ['random', 'grid'];

/**
 * Linux counts what a running thread has worked when its timer ticks, every 1 to 4 ms: most of what takes less would be
 * seen to take nothing. And others who get the processor keep it for about as long.
 */
const WORKED_STEP_MS = 4;

/** `onDear` hears why suggestions should be made elsewhere. */
export function createInline(
  { spec, space, history, clock, thinkers }: InlineOptions,
  onDear: (why: string) => void,
): Inline {
  const sampler = createSampler(spec.sampler, space, spec.seed, {}, spec.objectives?.length);
  const isMeasured = thinkers !== undefined && !ALWAYS_CHEAP.includes(spec.sampler.type);
  for (const change of history()) sampler.observe(change);
  const cost = newInlineCost(clock.monotonic());
  let spentMs = 0;

  /** A machine that is full of trials makes everything take longer: that is not the sampler's cost. */
  function spend<T>(work: () => T): T {
    if (!isMeasured) return work();
    const startMs = clock.monotonic();
    const workedMs = thinkers.workedMs();
    const result = work();
    const passedMs = clock.monotonic() - startMs;
    const isShort = passedMs < WORKED_STEP_MS;
    spentMs += isShort ? passedMs : Math.min(passedMs, thinkers.workedMs() - workedMs);
    return result;
  }

  return {
    observe: (change) => spend(() => sampler.observe(change)),
    suggest(trial) {
      const suggestion = spend(() => sampler.suggest(trial));
      const why = countCost(cost, spentMs, clock.monotonic());
      spentMs = 0;
      if (why !== undefined) onDear(why);
      else if (trouble('suggestion-dear')) onDear('suggestions may always become dear');
      return suggestion;
    },
    lastMs: () => cost.lastMs,
  };
}

export interface InlineOptions {
  spec: StudySpec;
  space: SearchSpace;
  /** What all that was observed so far amounts to. */
  history: () => Iterable<Change>;
  clock: Clock;
  /** Absent: everything is done in this thread, whatever it costs. */
  thinkers: Thinkers | undefined;
}
