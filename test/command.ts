// The built command, as users start it.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const root = join(import.meta.dirname, '..');
export const bin = join(root, 'packages/fleetune/bin/fleetune.js');

/** Builds it when its sources are newer. */
export function prepareCommand(): void {
  execFileSync(join(root, 'fleetune'), ['--version'], { stdio: 'pipe' });
}

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  process: ChildProcess;
  /** Called with each complete line of standard output. */
  onLine(listener: (line: string) => void): void;
  finished: Promise<Finished>;
}

/** `wrapper`: a command that starts ours, e.g. in a network of its own. */
export function startCommand(
  args: readonly string[],
  cwd: string,
  env?: object,
  wrapper: readonly string[] = [],
): Started {
  const [program, ...words] = [...wrapper, process.execPath, bin, ...args];
  const child = spawn(program!, words, {
    cwd,
    // A test runner may ask for colours.
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const listeners: ((line: string) => void)[] = [];
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    for (const listener of listeners) listener(line);
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { process: child, onLine: (listener) => listeners.push(listener), finished };
}

export function runCommand(args: readonly string[], cwd: string, env?: object): Promise<Finished> {
  return startCommand(args, cwd, env).finished;
}

/** Looks again until the condition holds; fails loudly when it does not in time. */
export async function until(
  what: string,
  condition: () => boolean,
  limitMs = 30_000,
): Promise<void> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
