import { memory, memoryStore } from './memory-store.ts';
import { storeContract } from './testing/index.ts';

storeContract('memory', async () => {
  const shared = memory();
  return { open: () => memoryStore(shared), dispose: async () => {} };
});
