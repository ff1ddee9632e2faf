import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const NAME = 'setup.json';
/** Larger files (a Python interpreter) count by their size. */
const MOST_HASHED = 1 << 20;

/**
 * What the steps are and what their files hold: every argument that is a path from `cwd`, as it is now. After a setup
 * that includes what it made, so that a deleted .venv or a changed requirements.txt make it run again.
 */
export function setupFingerprint(setup: readonly (readonly string[])[], cwd: string): string {
  const paths = [...new Set(setup.flat())].map((argument) => [
    argument,
    stateOf(resolve(cwd, argument)),
  ]);
  return JSON.stringify({ setup, cwd, paths });
}

export function isStamped(stampFolder: string, fingerprint: string): boolean {
  try {
    return readFileSync(join(stampFolder, NAME), 'utf8') === fingerprint;
  } catch {
    return false;
  }
}

export function writeStamp(stampFolder: string, fingerprint: string): void {
  mkdirSync(stampFolder, { recursive: true });
  writeFileSync(join(stampFolder, NAME), fingerprint);
}

function stateOf(path: string): string {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return 'folder';
    if (stat.size > MOST_HASHED) return `${stat.size} bytes`;
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return 'absent';
  }
}
