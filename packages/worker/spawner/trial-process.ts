import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Clock } from '@fleetune/platform';
import type { ProcessEvents, ProcessSpec } from './spawner.ts';

export interface TrialProcess {
  /** To the whole process group. */
  signal(signal: NodeJS.Signals): void;
  resume(): void;
}

/** A grandchild that left the group may hold the pipes open for ever. */
const DRAIN_MS = 100;

/** When it has ended, nobody of its group is left. The caller tells that it has `started`. */
export function startProcess(
  spec: ProcessSpec,
  clock: Clock,
  on: Omit<ProcessEvents, 'started' | 'orphaned'>,
): TrialProcess & { pid: number | undefined } {
  // Without streams when it could not be started for want of file descriptors.
  const child: ChildProcess = spawn(spec.file, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let exited = false;
  const streams = [child.stdout, child.stderr];
  const setFlowing = (flowing: boolean): void => {
    for (const stream of streams)
      if (flowing) stream?.resume();
      else stream?.pause();
  };
  child.on('error', (error) => {
    if (child.pid === undefined) on.failed(error);
  });
  readStream(child.stdout, (chunk) => on.output('stdout', chunk) || exited || setFlowing(false));
  readStream(child.stderr, (chunk) => on.output('stderr', chunk) || exited || setFlowing(false));
  child.once('exit', (code, signal) => {
    exited = true;
    on.exited(code, signal, clock.monotonic());
    setFlowing(true);
    drain(child, clock, () => {
      signalGroup(child.pid, 'SIGKILL');
      on.drained();
    });
  });
  return {
    pid: child.pid,
    signal: (name) => signalGroup(child.pid, name),
    resume: () => setFlowing(true),
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
