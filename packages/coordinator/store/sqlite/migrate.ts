import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, storedVersion } from './database-file.ts';

/**
 * Brings an open database to the newest version, in one transaction. An existing one is copied before to
 * `<path>.v<old version>.backup`. Safe when several processes open it at once.
 */
export function migrate(database: DatabaseSync, path: string, steps: readonly string[]): void {
  const before = schemaVersion(database);
  if (before === steps.length) return;
  if (before > 0) backUp(database, path, before);
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have done it while this one waited for the lock.
    const now = schemaVersion(database);
    for (const step of steps.slice(now)) database.exec(step);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec(`PRAGMA user_version = ${steps.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

export function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()!['user_version']);
}

function backUp(database: DatabaseSync, path: string, version: number): void {
  const copy = `${path}.v${version}.backup`;
  const unfinished = `${copy}-${process.pid}`;
  rmSync(unfinished, { force: true });
  database.prepare('VACUUM INTO ?').run(unfinished);
  // Migrated by another process in the meantime: that one keeps the copy of the old version.
  if (storedVersion(unfinished) !== version) return rmSync(unfinished);
  const file = openSync(unfinished, 'r');
  fsyncSync(file);
  closeSync(file);
  renameSync(unfinished, copy);
}
