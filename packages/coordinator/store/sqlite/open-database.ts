import { accessSync, constants, existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assert, fail } from '@fleetune/core';
import type { Logger } from '@fleetune/platform';
import { APPLICATION_ID, inspectFile } from './database-file.ts';
import { loadSqlite } from './load-sqlite.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { BUSY, CANTOPEN, primaryCode } from './store-error.ts';
import { networkFileSystem } from './network-file-system.ts';
import { standIns, steps } from './schema.ts';

const BUSY_TIMEOUT_MS = 5000;
/**
 * Pages of the log (16 MB) after which a commit writes them back into the file, which takes 5 to 10 ms: with SQLite's own
 * 1,000 the same commits took a quarter longer, and 5 ms at the 99th percentile instead of 3.
 */
const LOG_PAGES = 4000;

/**
 * Opens for reading; other processes may write meanwhile. All reads are of one moment, that of the first: a log and the
 * rows that follow from it belong together.
 */
export function openForReading(path: string): DatabaseSync {
  const file = existsSync(path) ? inspectFile(path) : undefined;
  if (file === undefined || file.isEmpty) throw fail('store.not-found', path, {});
  const isFixed = !canWrite(dirname(path));
  const database = connect(path, { readOnly: true, immutable: isFixed && !file.hasLog });
  try {
    // Version 0: another process has just begun to create it.
    const version = checkIdentity(database, path);
    if (version === 0) throw fail('store.not-found', path, {});
    database.exec(standIns.slice(version).join(''));
    if (file.isShort) checkPages(database, path);
    database.exec('BEGIN');
    return database;
  } catch (error) {
    database.close();
    if (isFixed && file.hasLog && primaryCode(error) === CANTOPEN) throw unreadableLog(path, error);
    throw error;
  }
}

/** A killed writer left changes in the log, and SQLite cannot index them in a folder that is not to be written. */
function unreadableLog(path: string, cause: unknown) {
  const detail = 'reading what a killed run left in its log needs a folder that can be written';
  return fail('store.read-only', path, { detail }, { cause });
}

/** Opens for reading and writing; creates or migrates what is there. */
export function openForWriting(path: string, logger?: Logger): DatabaseSync {
  const folder = dirname(path);
  if (!existsSync(folder)) throw fail('store.no-folder', path, {});
  refuseDamaged(path);
  // SQLite would open a write-protected file without a word, and fail later.
  accessSync(folder, constants.W_OK);
  if (existsSync(path)) accessSync(path, constants.W_OK);
  const network = networkFileSystem(path);
  if (network !== undefined)
    logger?.warn(`${path} is on ${network}: use this database from one host only`, { network });
  const database = connect(path, { readOnly: false });
  try {
    checkIdentity(database, path);
    configure(database);
    migrate(database, path, steps);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Looks through a read-only connection, which never changes the file: a writing one would, already by opening. */
function refuseDamaged(path: string): void {
  // A journal is left where the creation of the database was cut; only a writing connection can roll it back.
  if (inspectFile(path).isEmpty || existsSync(`${path}-journal`)) return;
  try {
    openForReading(path).close();
  } catch (error) {
    if (isCode(error, 'store.not-found')) return;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === code;
}

function connect(path: string, how: { readOnly: boolean; immutable?: boolean }): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  const url = pathToFileURL(path);
  // A database in a folder that cannot be written, without a log: SQLite could not create the log's index there.
  // Nobody can write it from here; who can from elsewhere must not do so while we read.
  if (how.immutable) url.searchParams.set('immutable', '1');
  const database = new DatabaseSync(url, { readOnly: how.readOnly });
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return database;
}

function configure(database: DatabaseSync): void {
  const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0];
  assert(switchToLog(database) === 'wal', 'SQLite did not take journal_mode = WAL');
  database.exec(`PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
    PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
  assert(pragma('synchronous') === 2, 'SQLite did not take synchronous = FULL');
  assert(pragma('foreign_keys') === 1, 'SQLite did not take foreign_keys = ON');
}

/**
 * The first opening of a database changes its file. Two processes that do so at once would wait for each other, so
 * SQLite answers "busy" without waiting; a database that is in the mode already is answered at once.
 */
function switchToLog(database: DatabaseSync): unknown {
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    try {
      return database.prepare('PRAGMA journal_mode = WAL').get()!['journal_mode'];
    } catch (error) {
      if (primaryCode(error) !== BUSY || waitedMs >= BUSY_TIMEOUT_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

const RETRY_MS = 5;

/** Ours, and of a version that this release knows; answers the version. */
function checkIdentity(database: DatabaseSync, path: string): number {
  const number = (sql: string) => Number(Object.values(database.prepare(sql).get()!)[0]);
  // One snapshot: another process may be making the tables just now.
  database.exec('BEGIN');
  const id = number('PRAGMA application_id');
  const objects = number('SELECT count(*) FROM sqlite_schema');
  const found = schemaVersion(database);
  database.exec('COMMIT');
  if (id !== APPLICATION_ID && objects > 0) throw fail('store.foreign', path, {});
  const known = steps.length;
  if (found > known) throw fail('store.newer-version', path, { found, known });
  return found;
}

/** Reads every page once. */
function checkPages(database: DatabaseSync, path: string): void {
  const detail = String(Object.values(database.prepare('PRAGMA quick_check(1)').get()!)[0]);
  if (detail !== 'ok') throw fail('store.corrupt', path, { detail });
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
