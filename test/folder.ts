// The folder of one test, and the law that holds for whatever a test leaves there: every log replays to the stored view.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { viewDifferences } from '@fleetune/coordinator';
import { sqliteStore } from '@fleetune/coordinator/store';
import { replay } from '@fleetune/core';
import { expect } from 'vitest';

export function newFolder(purpose: string): string {
  return mkdtempSync(join(tmpdir(), `fleetune-${purpose}-`));
}

/** Replays the log of every study in the folder's databases, and removes it. */
export function closeFolder(folder: string): void {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((it) => it.endsWith('.db'))) replayAll(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function replayAll(database: string): void {
  const store = sqliteStore(database, { readOnly: true });
  try {
    for (const row of store.studies()) {
      const differences = viewDifferences(replay(store.events(row.id, 0)), store, row);
      expect(differences, `the replay of ${row.name} in ${database}`).toEqual([]);
    }
  } finally {
    void store.close();
  }
}
