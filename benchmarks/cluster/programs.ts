import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface CommandStudy {
  slots: number;
  /** Seconds by trial. */
  sleeps: readonly number[];
}

/** A script for each trial: the shell becomes the sleep, so that a trial is one process, with nothing to work out in it. */
export async function writePrograms(folder: string, sleeps: readonly number[]): Promise<void> {
  await mkdir(join(folder, 'trials'));
  const program = (seconds: number): string => `echo '{"value": 1}'; exec /bin/sleep ${seconds}\n`;
  const write = (seconds: number, trial: number): Promise<void> =>
    writeFile(join(folder, 'trials', String(trial)), program(seconds));
  await Promise.all(sleeps.map(write));
}

/** What runs the script of a trial, in that folder. */
export function programOf(trial: string): string[] {
  return ['/bin/sh', '-c', `. ./trials/${trial}`];
}
