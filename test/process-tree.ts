// What runs below a process, read from /proc.

import { readFileSync, readdirSync } from 'node:fs';

export function childrenOf(pid: number): number[] {
  return pids().filter((candidate) => parentOf(candidate) === pid);
}

/** Processes whose command line holds the text. */
export function running(text: string): number[] {
  return pids().filter((pid) => pid !== process.pid && read(`/proc/${pid}/cmdline`).includes(text));
}

/** Processes whose environment holds the text: also those that escaped their group and lost their parent. */
export function withEnvironment(text: string): number[] {
  return pids().filter((pid) => pid !== process.pid && read(`/proc/${pid}/environ`).includes(text));
}

function pids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : Number(fields[1]);
}

/** Empty when the process has ended, or is another user's. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
