import { spawnSync } from 'node:child_process';
import type { Breach } from './checkers/watch.ts';

/** More than that of an error and where it came from helps nobody. */
const LONGEST = 400;

/** Everything that is needed to see it again, in one line: a seed means the same with the same commit and Node.js only. */
export function failureLine(seed: number, { promise, atMs, what }: Breach): string {
  const at = `${(atMs / 1000).toFixed(3)} s`;
  const line = what.replaceAll(/\s*\n\s*/g, ' ← ');
  const short = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
  return (
    `BROKEN ${promise} at ${at} of seed ${seed}: ${short} · ` +
    `replay: ./dev simulate --seed ${seed} · commit ${commit()}, Node.js ${process.version}`
  );
}

function commit(): string {
  const { stdout } = spawnSync('git', ['describe', '--always', '--dirty'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  return stdout?.trim() || 'unknown';
}
