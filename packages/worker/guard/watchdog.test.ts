import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemRandom } from '@fleetune/platform/node';
import { isAlive, waitFor } from '../testing/wait-for.ts';
import { MARK_VARIABLE } from './mark.ts';
import { sweepOrphans } from './sweep.ts';

let folder: string;
let worker: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune-watchdog-'));
});
afterEach(() => {
  worker?.kill('SIGKILL');
  worker = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const path = (name: string): string => join(import.meta.dirname, '..', 'testing', name);
const read = (name: string): number => Number(readFileSync(join(folder, name), 'utf8'));
const written = (name: string): boolean => existsSync(join(folder, name));

/** Two trials, one of which has left its group, in a worker process of their own. */
async function workerWithTrials(): Promise<ChildProcess> {
  worker = spawn(process.execPath, [path('worker-with-trials.ts'), folder], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  // The watchdog, too: it needs the folder for its note.
  await waitFor(() => ['plain', 'escaped', 'watchdog-1'].every(written));
  return worker;
}

test('after kill -9 of the worker no process of its trials is left', async () => {
  const running = await workerWithTrials();
  const pids = [read('plain'), read('escaped')];
  expect(pids.map(isAlive)).toEqual([true, true]);
  running.kill('SIGKILL');
  await once(running, 'exit');
  await waitFor(() => !pids.some(isAlive));
});

test('a watchdog that was killed is replaced, and the new one knows every trial', async () => {
  const running = await workerWithTrials();
  const first = read('watchdog-1');
  process.kill(first, 'SIGKILL');
  await waitFor(() => written('watchdog-2'));
  const pids = [read('plain'), read('escaped')];
  running.kill('SIGKILL');
  await waitFor(() => !pids.some(isAlive));
});

test('what a dead watchdog left is found again by its owner, and nothing else is', async () => {
  const owner = `owner-${systemRandom.id()}`;
  const [ours, other] = [`${owner}.a.1`, `${owner}x.a.1`].map((mark) =>
    spawn('sleep', ['600'], { detached: true, env: { ...process.env, [MARK_VARIABLE]: mark } }),
  );
  await Promise.all([once(ours!, 'spawn'), once(other!, 'spawn')]);
  await waitFor(() => sweepOrphans(`${owner}.`) > 0);
  await waitFor(() => !isAlive(ours!.pid!));
  expect(isAlive(other!.pid!)).toBe(true);
  other!.kill('SIGKILL');
});
