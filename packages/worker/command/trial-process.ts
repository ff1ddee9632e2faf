import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Clock } from '@fleetune/platform';

export interface ProcessSpec {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** It waits for a line on its standard input, instead of having none. */
  waits?: boolean;
}

export interface ProcessEvents {
  /** False pauses both streams until `resume`. */
  output(stream: 'stdout' | 'stderr', chunk: Buffer): boolean;
  /** It could not be started; nothing else comes. */
  failed(error: NodeJS.ErrnoException): void;
  /** The program itself is gone. */
  exited(code: number | null, signal: NodeJS.Signals | null): void;
  /** After `exited`: its output has been read, as far as it came within the time for it. */
  drained(): void;
}

export interface TrialProcess {
  readonly pid: number | undefined;
  /** To the whole process group. */
  signal(signal: NodeJS.Signals): void;
  resume(): void;
  /** The line that it `waits` for. */
  letThrough(): void;
}

/** A grandchild that left the group may hold the pipes open for ever. */
const DRAIN_MS = 100;

/** Starts the program as the leader of a process group of its own. */
export function startProcess(spec: ProcessSpec, clock: Clock, on: ProcessEvents): TrialProcess {
  // Without streams when it could not be started for want of file descriptors.
  const child: ChildProcess = spawn(spec.file, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    detached: true,
    stdio: [spec.waits ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  let exited = false;
  const streams = [child.stdout, child.stderr];
  const setFlowing = (flowing: boolean): void => {
    for (const stream of streams)
      if (flowing) stream?.resume();
      else stream?.pause();
  };
  // It may be gone before it was let through.
  child.stdin?.on('error', () => undefined);
  child.on('error', (error) => {
    if (child.pid === undefined) on.failed(error);
  });
  readStream(child.stdout, (chunk) => on.output('stdout', chunk) || exited || setFlowing(false));
  readStream(child.stderr, (chunk) => on.output('stderr', chunk) || exited || setFlowing(false));
  child.once('exit', (code, signal) => {
    exited = true;
    on.exited(code, signal);
    setFlowing(true);
    drain(child, clock, () => on.drained());
  });
  return {
    pid: child.pid,
    signal: (name) => signalGroup(child.pid, name),
    resume: () => setFlowing(true),
    letThrough: () => void child.stdin?.end('\n'),
  };
}

/** To a group that may be gone already. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nobody is left. EPERM (macOS): only zombies are.
  }
}

function readStream(stream: Readable | null, onChunk: (chunk: Buffer) => unknown): void {
  stream?.on('data', onChunk);
  // A broken pipe ends the stream; the exit is what counts.
  stream?.on('error', () => undefined);
}

function drain(child: ChildProcess, clock: Clock, done: () => void): void {
  const open = new Set([child.stdout, child.stderr].filter((stream) => stream?.closed === false));
  let finished = false;
  const finish = (): void => {
    if (finished) return;
    finished = true;
    cancel();
    for (const stream of open) stream?.destroy();
    done();
  };
  // On a machine so busy that the time is over before anything was read, read once more.
  const cancel = clock.after(DRAIN_MS, () => setImmediate(() => setImmediate(finish)));
  if (open.size === 0) finish();
  for (const stream of open) {
    const closed = (): void => {
      open.delete(stream);
      if (open.size === 0) finish();
    };
    stream?.once('end', closed);
    stream?.once('close', closed);
  }
}
