import { readFileSync } from 'node:fs';

/** Waits for a condition, with a limit that only a broken test reaches. */
export async function waitFor(condition: () => boolean, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms for ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Zombies, which nobody has waited for, are dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
