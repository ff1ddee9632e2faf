// The worker as a process of its own: its settings come as one JSON line on standard input (a token has no place in
// argv), and the end of that pipe is the end of whoever started it.

import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import type { Logger } from '@fleetune/platform';
import { plainLogger, systemClock, systemRandom } from '@fleetune/platform/node';
import { httpConnection, httpLink } from '@fleetune/protocol/node';
import { createWorker, spawnSpawner, startCommandRunner } from '@fleetune/worker';
import { clientFolder, processEntry } from './installed.ts';

export interface WorkerSettings {
  worker: string;
  url: string;
  token: string;
  slots: number;
  /** Marks the trials' processes as belonging to one database. */
  owner: string;
}

/** Whoever started the worker says what went wrong; here are the details. */
const log: Logger = { ...plainLogger, info: plainLogger.debug, warn: plainLogger.debug };

const environment = { clock: systemClock, random: systemRandom, log };
// Its start-up runs beside that of whoever started us.
const spawner = spawnSpawner({
  ...environment,
  argv: [process.execPath, processEntry('spawner-process')],
});
const lines = createInterface({ input: process.stdin });
const starterGone = Promise.withResolvers<void>();
lines.once('line', (line) => {
  void work(JSON.parse(line) as WorkerSettings);
});
lines.once('close', () => starterGone.resolve());
// Without settings there is nothing to end first.
lines.once('close', leaveWhenUnemployed);

function leaveWhenUnemployed(): void {
  process.exit(0);
}

async function work(settings: WorkerSettings): Promise<void> {
  lines.off('close', leaveWhenUnemployed);
  const { worker: name, url, token, slots, owner } = settings;
  const runner = await startCommandRunner({
    ...environment,
    owner,
    clientFolder: clientFolder(),
    watchdog: [process.execPath, processEntry('watchdog-process')],
    spawner,
  });
  const worker = createWorker({
    ...environment,
    name,
    link: httpLink(httpConnection(url, token)),
    slots,
    host: hostname(),
    pid: process.pid,
    runner,
  });
  void starterGone.promise.then(() => worker.quit('the process that started the worker is gone'));
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) {
    process.on(signal, () => worker.drain(`received ${signal}`));
  }
  await worker.run();
  process.exit(0);
}
