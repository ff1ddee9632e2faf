import type { StorePlace } from './store-contract.ts';

/** A test body that gets a fresh place, removed afterwards. */
export function withPlace(
  place: () => Promise<StorePlace>,
  body: (place: StorePlace) => Promise<void> | void,
): () => Promise<void> {
  return async () => {
    const fresh = await place();
    try {
      await body(fresh);
    } finally {
      await fresh.dispose();
    }
  };
}
