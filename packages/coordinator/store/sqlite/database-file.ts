// What can be known of a database before SQLite may write to it: a damaged or foreign file must keep its bytes.

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { fail } from '@fleetune/core';

/** "FLTU": marks our databases in the header. */
export const APPLICATION_ID = 0x464c5455;

export interface DatabaseFile {
  /** Absent or without a byte. */
  isEmpty: boolean;
  /** A write-ahead log with something in it lies beside the file. */
  hasLog: boolean;
  /** Shorter than its header says; with a log that may be a checkpoint that was cut by a crash. */
  isShort: boolean;
}

/** Reads the header (sqlite.org/fileformat2.html, section 1.3); throws for a file that is no SQLite database. */
export function inspectFile(path: string): DatabaseFile {
  // The log first: while it exists a checkpoint may be under way, and once it is gone the file is whole.
  const hasLog = size(`${path}-wal`) > 0;
  const bytes = size(path);
  if (bytes === 0) {
    // SQLite would throw the log away, and with it what may be all that is left.
    if (hasLog) throw fail('store.corrupt', path, { detail: 'it is empty, but has a log' });
    return { isEmpty: true, hasLog, isShort: false };
  }
  const header = readHeader(path);
  const isSqlite = header.toString('latin1', 0, 16) === 'SQLite format 3\0';
  if (!isSqlite || header.length < HEADER_BYTES) {
    const magic = header.subarray(0, 16);
    if (!'SQLite format 3\0'.startsWith(magic.toString('latin1')))
      throw fail('store.foreign', path, {});
    throw fail('store.corrupt', path, { detail: `it ends after ${bytes} bytes` });
  }
  const pageSize = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16);
  const expected = header.readUInt32BE(28) * pageSize;
  const isShort = size(path) < expected;
  if (isShort && !hasLog)
    throw fail('store.corrupt', path, { detail: `${expected} bytes expected, it has ${bytes}` });
  return { isEmpty: false, hasLog, isShort };
}

/** `user_version` as the file itself has it. */
export function storedVersion(path: string): number {
  return readHeader(path).readInt32BE(60);
}

const HEADER_BYTES = 100;

function readHeader(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    return header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

function size(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
