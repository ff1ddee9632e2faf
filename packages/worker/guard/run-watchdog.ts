import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Clock } from '@fleetune/platform';
import { systemClock } from '@fleetune/platform/node';
import { createTrialSweeper } from './trial-sweeper.ts';

/**
 * The watchdog's whole life: it hears of every trial through a pipe that only the worker holds. When the pipe ends,
 * the worker is gone, however it died, and every process of its trials is killed.
 *
 * Lines: `worker MARK`, `started GROUP`, `ended GROUP MARK`, with `-` for a group that is not known.
 */
export function runWatchdog(input: Readable, clock: Clock = systemClock): Promise<void> {
  const sweeper = createTrialSweeper(clock);
  let markPrefix: string | undefined;
  // A Ctrl-C or a hang-up of the terminal is for the worker, which then ends the pipe.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => undefined);
  const lines = createInterface({ input });
  lines.on('line', (line) => {
    const [word, first = '', second = ''] = line.split(' ');
    if (word === 'worker') markPrefix = first;
    else if (word === 'started') sweeper.started(Number(first));
    else if (word === 'ended') sweeper.ended(first === '-' ? undefined : Number(first), second);
  });
  return new Promise((resolve) => {
    lines.once('close', () => {
      if (markPrefix !== undefined) sweeper.killAll(markPrefix);
      resolve();
    });
  });
}
