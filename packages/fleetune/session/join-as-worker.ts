import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { plainLogger, systemClock, systemRandom } from '@fleetune/platform/node';
import { httpLink } from '@fleetune/protocol/node';
import { createWorker, spawnSpawner, startCommandRunner, walltimeLeftMs } from '@fleetune/worker';
import { connect, type Address } from './address.ts';
import { clientFolder, processEntry } from './installed.ts';

export interface JoinOptions {
  address: Address;
  slots: number;
  name: string | undefined;
  deathTimeoutMs: number | undefined;
  /** Until the engine ends the allocation; absent: as the environment says. */
  walltimeMs: number | undefined;
  /** This host's own folders, where they are others than the coordinator's. */
  filesFolder: string | undefined;
  cwd: string | undefined;
}

/** Before the end of the walltime, for programs to save what they have. */
const WALLTIME_GRACE_MS = 60_000;

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
  const { address, slots, deathTimeoutMs, filesFolder, cwd } = options;
  const leftMs = options.walltimeMs ?? walltimeLeftMs(process.env, systemClock.now());
  const name = options.name ?? `${hostname()}-${systemRandom.id(4)}`;
  const environment = { clock: systemClock, random: systemRandom, log: plainLogger };
  const runner = await startCommandRunner({
    ...environment,
    owner: createHash('sha256').update(`${address.url} ${name}`).digest('hex').slice(0, 16),
    clientFolder: clientFolder(),
    ...(filesFolder !== undefined && { filesFolder: resolve(filesFolder) }),
    ...(cwd !== undefined && { cwd: resolve(cwd) }),
    watchdog: [process.execPath, processEntry('watchdog-process')],
    spawner: spawnSpawner({
      ...environment,
      argv: [process.execPath, processEntry('spawner-process')],
    }),
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
    spoolFolder: resolve(filesFolder ?? '.fleetune'),
    ...(leftMs !== undefined && { walltime: { leftMs, graceMs: WALLTIME_GRACE_MS } }),
  });
  return {
    name,
    drain: worker.drain,
    quit: worker.quit,
    done: worker.run().finally(() => connection.close()),
  };
}
