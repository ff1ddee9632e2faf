import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** First in, first out, most of it on disk. Lives as long as the process. */
export interface DiskQueue<T> {
  push(item: T): void;
  /** The next ones; empty when there are none. */
  shift(): T[];
  length(): number;
  close(): void;
}

const PER_CHUNK = 1_000;

let files = 0;

/** Makes its file when the first chunk is full. What the disk does not take stays in memory. */
export function createDiskQueue<T>(folder: string): DiskQueue<T> {
  const chunks: { offset: number; bytes: number; count: number }[] = [];
  let file: number | undefined;
  let end = 0;
  let onDisk = 0;
  /** After everything on disk. */
  let newest: T[] = [];

  function write(): void {
    try {
      file ??= openNameless(folder);
      const bytes = Buffer.from(JSON.stringify(newest));
      if (writeSync(file, bytes, 0, bytes.length, end) < bytes.length) return;
      chunks.push({ offset: end, bytes: bytes.length, count: newest.length });
      end += bytes.length;
      onDisk += newest.length;
      newest = [];
    } catch {
      // A full disk: whoever fills the queue is held up by its length.
    }
  }

  return {
    push(item) {
      newest.push(item);
      if (newest.length % PER_CHUNK === 0) write();
    },
    shift() {
      const chunk = chunks.shift();
      if (chunk === undefined) {
        const rest = newest;
        newest = [];
        return rest;
      }
      const bytes = Buffer.alloc(chunk.bytes);
      readSync(file!, bytes, 0, chunk.bytes, chunk.offset);
      onDisk -= chunk.count;
      if (chunks.length === 0) {
        ftruncateSync(file!, 0);
        end = 0;
      }
      return JSON.parse(bytes.toString('utf8')) as T[];
    },
    length: () => onDisk + newest.length,
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
      chunks.length = 0;
      newest = [];
      onDisk = 0;
    },
  };
}

/** It has no name any more: however the process ends, nothing is left. */
function openNameless(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `spool-${process.pid}-${(files += 1)}`);
  const file = openSync(path, 'wx+', 0o600);
  rmSync(path);
  return file;
}
