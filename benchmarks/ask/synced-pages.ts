import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const page = Buffer.alloc(4096, 1);

/** Milliseconds of each of so many writes of a database page with its sync, one every so often and nothing beside them. */
export async function syncedPages(count: number, everyMs: number): Promise<number[]> {
  const folder = mkdtempSync(join(import.meta.dirname, '../../.tools/bench-'));
  const file = openSync(join(folder, 'pages'), 'w');
  const tookMs: number[] = [];
  try {
    while (tookMs.length < count) {
      await sleep(everyMs);
      const beganMs = performance.now();
      writeSync(file, page);
      fdatasyncSync(file);
      tookMs.push(performance.now() - beganMs);
    }
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
  return tookMs;
}
