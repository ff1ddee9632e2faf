import { assert, createSampler, searchSpace, type Sampler } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import { ghost, type Made, type ToThinker } from './thinker-port.ts';

/** The other side of the port: takes one message after the other. */
export function createThinker(
  clock: Clock,
  answer: (made: Made) => void,
): (message: ToThinker) => void {
  let sampler: Sampler | undefined;
  let tookMs = 0;
  let isFirst = true;

  return (message) => {
    const startMs = clock.monotonic();
    if (message.kind === 'begin') {
      const { space, constraints, sampler: spec, seed, objectives } = message.spec;
      const inside = searchSpace(space, constraints);
      sampler = createSampler(spec, inside, seed, {}, objectives?.length);
      return;
    }
    assert(sampler !== undefined, 'the first message to a thinker is not its beginning');
    if (message.kind === 'learn') {
      for (const change of message.changes) sampler.observe(change);
      tookMs += clock.monotonic() - startMs;
      return;
    }
    // All of the history was learned before it: that is not what a suggestion costs.
    if (isFirst) tookMs = 0;
    isFirst = false;
    const { id, trial, effort, ahead } = message;
    const suggestion = sampler.suggest(trial, effort);
    if (ahead && 'params' in suggestion) sampler.observe(ghost(id, suggestion.params));
    tookMs += clock.monotonic() - startMs;
    answer({ id, answer: suggestion, tookMs });
    tookMs = 0;
  };
}
