import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../store.ts';
import type { StorePlace } from './store-contract.ts';
import { sqliteStore } from '../sqlite/sqlite-store.ts';

/** A database in a fresh folder, for tests. */
export function sqlitePlace(): StorePlace & { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'fleetune store ?#%-'));
  const path = join(folder, 'fleetune.db');
  const opened: Store[] = [];
  return {
    folder,
    path,
    open() {
      const store = sqliteStore(path);
      opened.push(store);
      return store;
    },
    async dispose() {
      for (const store of opened) await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
