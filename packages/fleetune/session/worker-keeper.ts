import { spawn, type ChildProcess } from 'node:child_process';
import { fail } from '@fleetune/core';
import { systemClock, systemRandom } from '@fleetune/platform/node';
import { processEntry } from './installed.ts';
import { restartDelay } from './restart-delay.ts';
import type { WorkerSettings } from './worker-process.ts';

/** So many processes in a row that died before they reached the coordinator: the next one would, too. */
const STILLBORN_MAX = 3;

/** Keeps one worker process alive until `stop`. */
export interface WorkerKeeper {
  /** Gives the waiting process its task; processes started later get the same. */
  employ(settings: Omit<WorkerSettings, 'worker'>): void;
  /** The process is not replaced any more; it ends by itself, or with the pipe to us. */
  stop(): void;
  /** Rejects when worker processes keep dying. */
  readonly failed: Promise<never>;
}

/**
 * The process starts at once, before it is known what it will do: its own start-up then runs beside ours.
 * `onDeath` tells whether the process had registered. It ends when the pipe from us does, so that a killed run leaves nothing behind.
 */
export function keepWorker(onDeath: (worker: string) => boolean): WorkerKeeper {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  let settings: Omit<WorkerSettings, 'worker'> | undefined;
  let stopped = false;
  let stillborn = 0;
  const delay = restartDelay();
  let cancelRestart = (): void => undefined;
  /** Absent between one process and the next. */
  let current: { child: ChildProcess; worker: string } | undefined = start();

  function start(): { child: ChildProcess; worker: string } {
    const startedMs = systemClock.monotonic();
    const worker = `local-${systemRandom.id(6)}`;
    const child = spawnWorker();
    child.on('error', (cause) =>
      reject(fail('worker.start', '', { problem: cause.message }, { cause })),
    );
    child.on('exit', (code, signal) => {
      // One that was told to leave has left already.
      const hadWorked = onDeath(worker) || code === 0;
      if (stopped) return;
      stillborn = hadWorked ? 0 : stillborn + 1;
      if (stillborn >= STILLBORN_MAX) {
        reject(fail('worker.crash-loop', '', { exit: signal ?? code ?? 'unknown' }));
      } else {
        current = undefined;
        const waitMs = delay.next(systemClock.monotonic() - startedMs);
        if (waitMs === 0) current = start();
        else cancelRestart = systemClock.after(waitMs, () => (current = start()));
      }
    });
    if (settings !== undefined) send(child, worker);
    return { child, worker };
  }

  function send(child: ChildProcess, worker: string): void {
    child.stdin?.write(`${JSON.stringify({ ...settings, worker })}\n`);
  }

  return {
    failed,
    employ(task) {
      settings = task;
      if (current !== undefined) send(current.child, current.worker);
    },
    stop() {
      stopped = true;
      cancelRestart();
      current?.child.stdin?.end();
    },
  };
}

function spawnWorker(): ChildProcess {
  const child: ChildProcess = spawn(process.execPath, [processEntry('worker-process')], {
    stdio: ['pipe', 'inherit', 'inherit'],
    // Ctrl-C in the terminal is for us to turn into a drain, not for the worker.
    detached: true,
  });
  child.stdin?.on('error', () => undefined);
  return child;
}
