import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Logger } from '@fleetune/platform';
import type { Guard } from './guard.ts';

export interface WatchdogOptions {
  /** Starts a process that calls `runWatchdog(process.stdin)`. */
  argv: readonly [string, ...string[]];
  /** Every mark of this worker's trials begins so. */
  markPrefix: string;
  log: Logger;
}

/** A watchdog that was killed is started again, a few times. */
const MOST_STARTS = 5;

/** Guards the worker's trials from a process of its own, which survives the worker. */
export function spawnWatchdog(options: WatchdogOptions): Guard {
  const groups = new Set<number>();
  let starts = 0;
  let closing = false;
  let child = start();

  function start(): ChildProcess {
    starts += 1;
    const [file, ...args] = options.argv;
    // Detached: signals to the worker's group must not end it. Without the worker's environment: it needs none.
    const started: ChildProcess = spawn(file, args, {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
      env: {},
    });
    started.stdin?.on('error', () => undefined);
    started.once('error', (error) => options.log.error('the watchdog does not start', { error }));
    started.once('exit', () => {
      if (closing || started !== child) return;
      options.log.warn('the watchdog ended; starting another one', { starts });
      if (starts < MOST_STARTS) child = start();
    });
    started.stdin?.write(`worker ${options.markPrefix}\n`);
    for (const group of groups) started.stdin?.write(`started ${group}\n`);
    started.unref();
    return started;
  }

  const tell = (line: string): void => void child.stdin?.write(`${line}\n`);
  return {
    started(group) {
      groups.add(group);
      tell(`started ${group}`);
    },
    ended(group, mark) {
      if (group !== undefined) groups.delete(group);
      tell(`ended ${group ?? '-'} ${mark}`);
    },
    async close() {
      closing = true;
      child.stdin?.end();
      // Nothing else may be left to wait for.
      child.ref();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
