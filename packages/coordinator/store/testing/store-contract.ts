// What every store promises. Run it for each implementation: `storeContract('mine', () => …)`.

import { describe } from 'vitest';
import type { Store } from '../store.ts';
import { appendContract } from './append-contract.ts';
import { ownerContract } from './owner-contract.ts';
import { studyContract } from './study-contract.ts';

/** One place of storage that several stores may open, at once or one after the other. */
export interface StorePlace {
  open(): Store;
  /** Ends everything that was opened and removes the place. */
  dispose(): Promise<void>;
}

export function storeContract(name: string, place: () => Promise<StorePlace>): void {
  describe(`the store contract: ${name}`, () => {
    studyContract(place);
    appendContract(place);
    ownerContract(place);
  });
}
