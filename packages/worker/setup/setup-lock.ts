import { closeSync, mkdirSync, openSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '@fleetune/platform';

/** The holder shows so often that it is alive. */
const SIGN_MS = 2_000;
const LOOK_MS = 200;
/** A lock without a sign for so long is a dead one's. By the waiter's own clock: the file's may be another machine's. */
const DEAD_MS = 20_000;

/** Waits for the lock, does the work, and gives it back. Works between processes that see the same folder. */
export async function withLock<T>(
  path: string,
  clock: Clock,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  await take(path, clock, signal);
  let cancel = clock.after(SIGN_MS, sign, { unref: true });
  function sign(): void {
    const now = clock.now() / 1000;
    try {
      utimesSync(path, now, now);
    } catch {
      // Somebody has taken us for dead; the work is the same.
    }
    cancel = clock.after(SIGN_MS, sign, { unref: true });
  }
  try {
    return await work();
  } finally {
    cancel();
    rmSync(path, { force: true });
  }
}

async function take(path: string, clock: Clock, signal: AbortSignal): Promise<void> {
  let seen: number | undefined;
  let sinceMs = clock.monotonic();
  while (!tryTake(path)) {
    signal.throwIfAborted();
    const signed = lastSign(path);
    if (signed !== seen) sinceMs = clock.monotonic();
    else if (clock.monotonic() - sinceMs > DEAD_MS) rmSync(path, { force: true });
    seen = signed;
    await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
  }
}

function tryTake(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function lastSign(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}
