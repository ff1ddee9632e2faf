import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { plainLogger, systemClock, systemRandom } from '@fleetune/platform/node';
import { httpLink } from '@fleetune/protocol/node';
import { createWorker, startCommandRunner } from '@fleetune/worker';
import { connect, type Address } from './address.ts';
import { clientFolder, processEntry } from './installed.ts';

export interface JoinOptions {
  address: Address;
  slots: number;
  name: string | undefined;
  deathTimeoutMs: number | undefined;
}

export interface JoinedWorker {
  readonly name: string;
  /** Running trials go back to the queue, and the worker leaves. */
  drain(reason: string): void;
  /** The same at once. */
  quit(reason: string): void;
  /** Resolves when it has left; rejects when the coordinator refuses it or is gone for too long. */
  readonly done: Promise<void>;
}

/** A worker in this process, for a coordinator in another one. */
export async function joinAsWorker(options: JoinOptions): Promise<JoinedWorker> {
  const { address, slots, deathTimeoutMs } = options;
  const name = options.name ?? `${hostname()}-${systemRandom.id(4)}`;
  const environment = { clock: systemClock, random: systemRandom, log: plainLogger };
  const runner = await startCommandRunner({
    ...environment,
    owner: createHash('sha256').update(`${address.url} ${name}`).digest('hex').slice(0, 16),
    clientFolder: clientFolder(),
    watchdog: [process.execPath, processEntry('watchdog-process')],
  });
  const connection = connect(address);
  const worker = createWorker({
    ...environment,
    name,
    link: httpLink(connection),
    slots,
    host: hostname(),
    pid: process.pid,
    runner,
    ...(deathTimeoutMs !== undefined && { deathTimeoutMs }),
  });
  return {
    name,
    drain: worker.drain,
    quit: worker.quit,
    done: worker.run().finally(() => connection.close()),
  };
}
