// Disks that tests make: full, small, read-only. Root's part, of a machine or of its own container.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether it is mounted. */
export function mount(...args: string[]): boolean {
  return spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
}

export function unmount(place: string): void {
  spawnSync('umount', [place], { stdio: 'ignore' });
}

/** Whether this process may become another user, and mount: found out by trying. */
export function mayMakeDisks(): boolean {
  if (process.getuid?.() !== 0) return false;
  const place = mkdtempSync(join(tmpdir(), 'fleetune-disk-'));
  const may = mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place);
  if (may) unmount(place);
  rmdirSync(place);
  return may;
}
