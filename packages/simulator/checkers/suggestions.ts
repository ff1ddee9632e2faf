import { searchSpace, type SearchSpace } from '@fleetune/core';
import type { MakeChecker } from './watch.ts';

/** Whatever proposed it, a new trial is inside the space as it is now, and satisfies the constraints. */
export const suggestions: MakeChecker = (_world, broken) => {
  const spaces = new Map<string, SearchSpace>();
  return {
    onEvent(event, { name }) {
      if (event.kind === 'study-created' || event.kind === 'spec-changed') {
        spaces.set(name, searchSpace(event.spec.space, event.spec.constraints));
      }
      if (event.kind !== 'trial-created') return;
      const space = spaces.get(name)!;
      const what = `${name}, trial ${event.trial} of ${event.sampler}`;
      try {
        const coordinates = space.fromParams(event.params);
        if (space.satisfies(coordinates)) return;
        broken(`${what}: ${JSON.stringify(event.params)} breaks a constraint`);
      } catch (error) {
        broken(`${what}: ${String(error)}`);
      }
    },
  };
};
