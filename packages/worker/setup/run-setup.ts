import { spawn } from 'node:child_process';
import { fail, formatDuration, shellQuote } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import { systemClock } from '@fleetune/platform/node';
import { startFailure } from '../command/start-failure.ts';
import { createOutputTail } from '../command/output-tail.ts';
import { signalGroup } from '../spawner/trial-process.ts';
import { createLineSplitter } from '../metrics/line-splitter.ts';
import { setupHint } from './setup-hint.ts';
import { isStamped, setupFingerprint, writeStamp } from './setup-stamp.ts';

export interface SetupOptions {
  cwd: string;
  /** Where it is noted that the setup was done. */
  stampFolder: string;
  /** Each step as it begins (`setup 1/2: …`), what it prints, and how long it took. */
  onLine(line: string): void;
  /** Ends the running step and rejects with the signal's reason. */
  signal?: AbortSignal;
  clock?: Clock;
}

/** Something that a step left running may hold its output open for ever. */
const DRAIN_MS = 1_000;

/** Runs the study file's setup, unless it was done and nothing has changed since. Throws `setup.failed`. */
export async function runSetup(
  setup: readonly (readonly string[])[],
  options: SetupOptions,
): Promise<void> {
  const { cwd, stampFolder, clock = systemClock } = options;
  if (setup.length === 0 || isStamped(stampFolder, setupFingerprint(setup, cwd))) return;
  for (const [index, command] of setup.entries()) {
    options.signal?.throwIfAborted();
    const title = `setup ${index + 1}/${setup.length}`;
    options.onLine(`${title}: ${command.map(shellQuote).join(' ')}`);
    const begun = clock.monotonic();
    await runStep(command, index, options);
    const seconds = Math.max(1, Math.round((clock.monotonic() - begun) / 1000));
    options.onLine(`${title}: done in ${formatDuration(seconds * 1000)}`);
  }
  writeStamp(stampFolder, setupFingerprint(setup, cwd));
}

async function runStep(
  command: readonly string[],
  index: number,
  { cwd, onLine, signal, clock = systemClock }: SetupOptions,
): Promise<void> {
  const [file = '', ...args] = command;
  const tail = createOutputTail();
  const failed = (problem: string): Error => {
    const lines = tail.lines();
    const output = lines.length === 0 ? '' : `\n  ${lines.join('\n  ')}`;
    return fail('setup.failed', `setup[${index}]`, {
      problem,
      output,
      hint: setupHint(problem, lines),
    });
  };
  await new Promise<void>((resolve, reject) => {
    const child = spawn(file, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const interrupt = (): void => signalGroup(child.pid, 'SIGKILL');
    signal?.addEventListener('abort', interrupt, { once: true });
    for (const stream of [child.stdout, child.stderr]) {
      const splitter = createLineSplitter((line) => onLine(shown(line)));
      stream.on('data', (chunk: Buffer) => (splitter.push(chunk), tail.push(chunk)));
      stream.on('end', () => splitter.end());
    }
    child.once('error', (error) => {
      reject(failed(startFailure(error, { file, args, cwd, env: {} })));
    });
    child.once('exit', (code, killedBy) => {
      const settle = (): void => {
        cancel();
        for (const stream of [child.stdout, child.stderr]) stream.destroy();
        signal?.removeEventListener('abort', interrupt);
        if (signal?.aborted) reject(signal.reason as Error);
        else if (code === 0) resolve();
        else reject(failed(killedBy ? `was killed by ${killedBy}` : `exited with ${code}`));
      };
      const cancel = clock.after(DRAIN_MS, settle);
      child.once('close', settle);
    });
  });
}

/** What a terminal would show of a line that a progress bar has overwritten. */
function shown(line: string): string {
  const trimmed = line.trimEnd();
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1);
}
