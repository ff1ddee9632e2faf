import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Clock } from '@fleetune/platform';
import {
  startProcess,
  type ProcessEvents,
  type ProcessSpec,
  type TrialProcess,
} from './trial-process.ts';

/**
 * A process that exists already, with the program's environment, folder and pipes, and becomes the program when it is
 * let through: that takes a line on its standard input, where fork() would hold up everything for milliseconds.
 */
export interface Gate {
  readonly pid: number | undefined;
  /** Undefined when it is gone; nothing of the program has happened then. */
  open(on: ProcessEvents): TrialProcess | undefined;
  close(): void;
}

/** When the worker dies, `read` fails, and the program does not begin. */
const WAIT = 'read -r _ && exec "$@" </dev/null';

/** Undefined for a program that cannot be started: only a start of its own tells why. */
export function startGate(spec: ProcessSpec, clock: Clock): Gate | undefined {
  if (process.platform === 'win32' || !isProgram(spec)) return undefined;
  let events: ProcessEvents | undefined;
  let gone = false;
  const args = ['-c', WAIT, 'fleetune', spec.file, ...spec.args];
  const waiting = startProcess({ ...spec, file: '/bin/sh', args, waits: true }, clock, {
    output: (stream, chunk) => events?.output(stream, chunk) ?? true,
    failed: () => (gone = true),
    exited(code, signal) {
      gone = true;
      events?.exited(code, signal);
    },
    drained: () => events?.drained(),
  });
  return {
    pid: waiting.pid,
    open(on) {
      if (gone || waiting.pid === undefined) return undefined;
      events = on;
      waiting.letThrough();
      return waiting;
    },
    close: () => waiting.signal('SIGKILL'),
  };
}

function isProgram({ file, cwd, env }: ProcessSpec): boolean {
  if (file.startsWith('-')) return false;
  const folders = file.includes('/') ? [''] : (env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => isExecutable(resolve(cwd, join(folder, file))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
