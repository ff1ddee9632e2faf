// The worker as a process of its own: its settings come as one JSON line on standard input (a token has no place in
// argv), and the end of that pipe is the end of whoever started it.

import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { plainLogger, systemClock, systemRandom } from '@fleetune/platform/node';
import { httpConnection, httpLink } from '@fleetune/protocol/node';
import { commandRunner, createWorker, startWatchdog } from '@fleetune/worker';
import { entry } from './entry.ts';

export interface WorkerSettings {
  worker: string;
  url: string;
  token: string;
  slots: number;
}

const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => {
  void work(JSON.parse(line) as WorkerSettings);
});
lines.once('close', () => process.exit(0));

async function work({ worker: name, url, token, slots }: WorkerSettings): Promise<void> {
  const connection = httpConnection(url, token);
  const watchdog = startWatchdog([process.execPath, entry('watchdog-process')]);
  const worker = createWorker({
    name,
    link: httpLink(connection),
    slots,
    host: hostname(),
    pid: process.pid,
    clock: systemClock,
    random: systemRandom,
    runner: commandRunner({ watchdog }),
    log: plainLogger,
  });
  lines.removeAllListeners('close');
  lines.once('close', () => worker.quit('the process that started the worker is gone'));
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) {
    process.on(signal, () => worker.drain(`received ${signal}`));
  }
  await worker.run();
  process.exit(0);
}
