import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const folders: string[] = [];

/**
 * For a run that makes thousands of files: it is removed when the benchmarks end. Whoever makes a file on ext4 looks
 * through the inodes that were deleted in the last minutes, so a folder that goes earlier costs the next run, of
 * whichever tool, up to 3 ms for each file (`recently_deleted` in the kernel's fs/ext4/ialloc.c).
 */
export function scratchFolder(): string {
  // In the checkout: the folder for temporary files is often in memory, where nothing is durable.
  const folder = mkdtempSync(join(import.meta.dirname, '../../.tools/bench-'));
  if (folders.length === 0) process.once('exit', removeAll);
  folders.push(folder);
  return folder;
}

function removeAll(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
