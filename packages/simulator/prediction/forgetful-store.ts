import { memoryStore, type Store } from '@fleetune/coordinator/store';

/** Keeps no log and no tables: of a prediction only the live state is looked at, and a log of millions is large. */
export function forgetfulStore(): Store {
  const written = Promise.resolve();
  return { ...memoryStore(), append: () => written };
}
