// What this machine allows: the same sleeps on the same slots, and nothing else.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { startBareServer } from '../coordinator/start-coordinator.ts';
import { leanConnection } from '../coordinator/lean-connection.ts';
import { scratchFolder } from '../harness/scratch-folder.ts';
import { programOf, writePrograms, type CommandStudy } from './programs.ts';
import { greedySchedule } from './sleeps.ts';

/** The share of the greedy schedule that timers in one process reach. */
export async function bareTimers({ slots, sleeps }: CommandStudy): Promise<number> {
  const start = performance.now();
  await onSlots(slots, sleeps, (_, seconds) => setTimeout(1000 * seconds));
  return shareSince(start, slots, sleeps);
}

/** That of `xargs -P`, which starts the next program when one ends. */
export async function bareProcesses({ slots, sleeps }: CommandStudy): Promise<number> {
  return inFolder(sleeps, async (folder) => {
    const argv = ['-P', String(slots), '-n', '1', ...programOf('$0')];
    const start = performance.now();
    const child = spawn('xargs', argv, { cwd: folder, stdio: ['pipe', 'ignore', 'inherit'] });
    child.stdin.end(sleeps.map((_, trial) => trial).join('\n'));
    await once(child, 'exit');
    return shareSince(start, slots, sleeps);
  });
}

/** Milliseconds from the exit of each program to the start of the next one, with one request to a bare server between. */
export async function bareGaps({ slots, sleeps }: CommandStudy): Promise<number[]> {
  const server = await startBareServer();
  const { call } = leanConnection(server.url, server.token);
  const gaps: number[] = [];
  try {
    await inFolder(sleeps, (folder) =>
      onSlots(slots, sleeps, async (trial) => {
        const [file = '', ...args] = programOf(String(trial));
        await once(spawn(file, args, { cwd: folder, stdio: 'ignore' }), 'exit');
        const exited = performance.now();
        await call('POST', '/exchange', { seq: trial, waitMs: 0, free: [0] });
        gaps.push(performance.now() - exited);
      }),
    );
  } finally {
    await server.stop();
  }
  return gaps;
}

async function onSlots(
  slots: number,
  sleeps: readonly number[],
  run: (trial: number, seconds: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const slot = async (): Promise<void> => {
    while (next < sleeps.length) {
      const trial = next++;
      await run(trial, sleeps[trial]!);
    }
  };
  await Promise.all(Array.from({ length: slots }, slot));
}

async function inFolder<T>(
  sleeps: readonly number[],
  run: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = scratchFolder();
  await writePrograms(folder, sleeps);
  return run(folder);
}

function shareSince(start: number, slots: number, sleeps: readonly number[]): number {
  return (100 * 1000 * greedySchedule(sleeps, slots)) / (performance.now() - start);
}
