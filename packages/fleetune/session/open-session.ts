import manifest from '../package.json' with { type: 'json' };
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  createCoordinator,
  oneToken,
  serveHttp,
  type Coordinator,
  type HttpOptions,
} from '@fleetune/coordinator';
import { advisorThreads } from '@fleetune/coordinator/advisor';
import { guarded, memoryStore, sqliteStore } from '@fleetune/coordinator/store';
import { processStart, systemClock, systemRandom } from '@fleetune/platform/node';
import { processEntry } from './installed.ts';

/** The name that stands for a store without a file. */
const IN_MEMORY = ':memory:';

/** A coordinator that owns its database and answers on loopback. */
export interface Session {
  coordinator: Coordinator;
  url: string;
  token: string;
  /** Marks the processes of this database's trials, so that a later owner finds those that were left behind. */
  owner: string;
  close(): Promise<void>;
}

/** Folder of a database's trial files: logs, parameters, checkpoints. */
export function filesFolder(database: string, study: string): string {
  return join(fleetuneFolder(database), study);
}

/** Throws `store.owned` when another living process owns the database, and the store's other errors. */
export async function openSession(
  database: string,
  options: Pick<HttpOptions, 'submissions'> = {},
): Promise<Session> {
  const store = database === IN_MEMORY ? memoryStore() : sqliteStore(database);
  const coordinator = createCoordinator(
    store,
    systemClock,
    advisorThreads(processEntry('advisor-thread')),
  );
  const token = systemRandom.id(24);
  const server = await serveHttp(coordinator, {
    access: oneToken(token),
    host: '127.0.0.1',
    port: 0,
    version: manifest.version,
    ...options,
  });
  const tokenFile = join(fleetuneFolder(database), `token-${process.pid}`);
  const session: Session = {
    coordinator,
    url: server.url,
    token,
    owner: createHash('sha256').update(resolve(database)).digest('hex').slice(0, 16),
    async close() {
      await server.close();
      try {
        await store.close();
      } finally {
        if (existsSync(tokenFile)) rmSync(tokenFile);
      }
    },
  };
  try {
    if (database !== IN_MEMORY) {
      writeToken(tokenFile, token);
      store.claim({
        pid: process.pid,
        startedAt: processStart(process.pid) ?? 0,
        host: hostname(),
        url: server.url,
        tokenFile,
      });
    }
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

function writeToken(tokenFile: string, token: string): void {
  const folder = dirname(tokenFile);
  guarded(folder, () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(tokenFile, token, { mode: 0o600 });
  });
}

function fleetuneFolder(database: string): string {
  const folder = database === IN_MEMORY ? process.cwd() : dirname(resolve(database));
  return join(folder, '.fleetune');
}
