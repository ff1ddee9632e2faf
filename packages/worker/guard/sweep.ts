import { readdirSync, readFileSync } from 'node:fs';
import { MARK_VARIABLE } from './mark.ts';

/** A process may fork while we look, so we look again until nothing is found. */
const MOST_ROUNDS = 50;

/**
 * Kills every process whose environment carries a mark that `wanted` accepts, and returns how many it found.
 * Only Linux shows environments (/proc); elsewhere process groups have to do.
 */
export function sweep(wanted: (mark: string) => boolean): number {
  let killed = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = marked(wanted);
    for (const pid of found) kill(pid);
    killed += found.length;
    if (found.length === 0) break;
  }
  return killed;
}

/** What workers of this mark left behind when they and their watchdogs died together. */
export function sweepOrphans(markPrefix: string): number {
  return sweep((mark) => mark.startsWith(markPrefix));
}

function marked(wanted: (mark: string) => boolean): number[] {
  return processes().filter((pid) => {
    const mark = pid === process.pid ? undefined : markOf(pid);
    return mark !== undefined && wanted(mark);
  });
}

function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function markOf(pid: number): string | undefined {
  let environment: string;
  try {
    environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    // Gone, or another user's.
    return undefined;
  }
  const name = `${MARK_VARIABLE}=`;
  const begin = environment.startsWith(name) ? 0 : environment.indexOf(`\0${name}`) + 1;
  if (begin === 0 && !environment.startsWith(name)) return undefined;
  const end = environment.indexOf('\0', begin);
  return environment.slice(begin + name.length, end === -1 ? undefined : end);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
