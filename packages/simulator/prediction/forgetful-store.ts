import { memoryStore, type Store } from '@fleetune/coordinator/store';

/** Keeps no log and no tables: a log of millions of trials is large. */
export function forgetfulStore(): Store {
  const written = Promise.resolve();
  return {
    ...memoryStore(),
    forgets: true,
    append(take) {
      take();
      return written;
    },
  };
}
