import { existsSync, readFileSync } from 'node:fs';

const source = '/proc/stat';

/**
 * Begins to watch; the answer gives the percentage of the processors' time that the machine below
 * gave to others since then: what it took, no figure could use. Null where nobody counts it.
 */
export function watchSteal(): () => number | null {
  if (!existsSync(source)) return () => null;
  const before = readFileSync(source, 'utf8');
  return () => stealPercent(before, readFileSync(source, 'utf8'));
}

/** Of two contents of /proc/stat. */
export function stealPercent(before: string, after: string): number {
  const [then, now] = [processorTimes(before), processorTimes(after)];
  const spent = sum(now) - sum(then);
  const stolen = (now[STEAL] ?? 0) - (then[STEAL] ?? 0);
  return spent === 0 ? 0 : Math.round((1000 * stolen) / spent) / 10;
}

const STEAL = 7;

/** user, nice, system, idle, iowait, irq, softirq, steal; what follows is part of the first two. */
function processorTimes(stat: string): number[] {
  const [line = ''] = stat.split('\n');
  return line.trim().split(/\s+/).slice(1, 9).map(Number);
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
