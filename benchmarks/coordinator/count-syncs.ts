import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Counts from now on how often a process asks the disk to make what it wrote durable; the answer
 * ends it. Undefined where strace cannot be used, with the reason on stderr.
 */
export async function countSyncs(pid: number): Promise<(() => Promise<number>) | undefined> {
  const argv = ['-f', '-e', 'trace=fsync,fdatasync', '-e', 'signal=none', '-p', String(pid)];
  const strace = spawn('strace', argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  const output = createInterface({ input: strace.stderr }).on('line', (line) => lines.push(line));
  const error = once(strace, 'error').then(([reason]) => String(reason));
  const firstLine = once(output, 'line').then(([line]) => String(line));
  const first = await Promise.race([error, firstLine]);
  if (!first.includes(' attached')) {
    console.error(`without the count of disk syncs: ${first}`);
    return undefined;
  }
  return async () => {
    strace.kill('SIGINT');
    await once(output, 'close');
    return syncsIn(lines);
  };
}

/** Calls begun; strace writes a second line for one that another thread's call interrupts. */
export function syncsIn(lines: readonly string[]): number {
  return lines.filter((line) => /\bf(data)?sync\(\d/.test(line)).length;
}
