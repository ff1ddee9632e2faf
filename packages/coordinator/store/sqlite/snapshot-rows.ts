// The rows of a snapshot. SQLite finds damage in its own pages only here and there, and a wrong digit in a line would be
// believed: so each of its two texts has a checksum.

import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { SnapshotLine, Store } from '../store.ts';

type Row = Record<string, SQLOutputValue>;

export function encodeLine({ line, head, trials }: SnapshotLine, event: number): SQLInputValue[] {
  return [line, event, checksumOf(line, head), head, checksumOf(line, trials), trials];
}

/** Of all rows, by line: nothing where there are none, or one is damaged, missing or elsewhere. */
export function decodeHeads(rows: Row[]): ReturnType<Store['snapshot']> {
  const heads: string[] = [];
  for (const { line, head_checksum, head } of rows) {
    if (line !== heads.length || checksumOf(line, head as string) !== head_checksum)
      return undefined;
    heads.push(head as string);
  }
  // The first line is in every snapshot.
  return rows[0] && { event: rows[0]['event'] as number, heads };
}

/** Nothing where there is no row, or a damaged one. */
export function decodeTrials(line: number, row: Row | undefined): string | undefined {
  const text = row?.['trials'] as string | undefined;
  return text !== undefined && checksumOf(line, text) === row!['trials_checksum']
    ? text
    : undefined;
}

/** Of a text in one line; in another line it is another one. */
function checksumOf(line: number, text: string): number {
  return crc32(text, line);
}
