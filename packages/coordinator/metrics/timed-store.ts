import { addGap, type GapHistogram } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import type { Store } from '../store/index.ts';

/** The same store; how long its appends take until they are durable goes into `times`. */
export function timedStore(store: Store, clock: Clock, times: GapHistogram): Store {
  return {
    ...store,
    append(take) {
      const sinceMs = clock.monotonic();
      return store
        .append(take)
        .then(() => addGap(times, Math.round((clock.monotonic() - sinceMs) * 1000)));
    },
  };
}
