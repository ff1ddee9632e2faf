// How a program hears that somebody wants a checkpoint now: a file appears. Every language can look for one, and a
// program that does not look is not disturbed, as it would be by a signal that it does not know. The program removes the
// file, so that it can hear of the next request.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `folder`: the trial's. */
export function checkpointRequestFile(folder: string): string {
  return join(folder, 'checkpoint.request');
}

export function askForCheckpoint(folder: string, reason: string): void {
  try {
    writeFileSync(checkpointRequestFile(folder), `${reason}\n`);
  } catch {
    // A full disk: the checkpoint would not be written either.
  }
}

/** What the program did not hear is nothing for the trial's next attempt. */
export function forgetCheckpoint(folder: string): void {
  try {
    rmSync(checkpointRequestFile(folder), { force: true });
  } catch {
    // Then the next attempt writes a checkpoint at once.
  }
}
