// The rows of a snapshot. SQLite finds damage in its own pages only here and there, and a wrong digit in a line would be
// believed: so each row has a checksum.

import type { SQLOutputValue } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { Store } from '../store.ts';

/** Of one line of the snapshot; in another place it is another one. */
export function checksumOf(line: number, text: string): number {
  return crc32(text, line);
}

/** Of all rows, by line: nothing where there are none, or one is damaged, missing or elsewhere. */
export function decodeSnapshot(
  rows: Record<string, SQLOutputValue>[],
): ReturnType<Store['snapshot']> {
  const lines: string[] = [];
  for (const { line, checksum, text } of rows) {
    if (line !== lines.length || checksumOf(line, text as string) !== checksum) return undefined;
    lines.push(text as string);
  }
  // The first line is in every snapshot.
  return rows[0] && { event: rows[0]['event'] as number, lines };
}
