import manifest from '../package.json' with { type: 'json' };
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fail } from '@fleetune/core';
import { serveHttp, tokenFile, type Coordinator, type HttpOptions } from '@fleetune/coordinator';
import { systemClock, systemRandom } from '@fleetune/platform/node';
import { filesFolder, openSession } from './open-session.ts';

export interface ServeOptions {
  /** The SQLite file; made when absent. */
  database: string;
  host: string;
  port: number;
  /** Made, with a token of its own, when absent. */
  tokenFile: string;
  certificate?: HttpOptions['certificate'] | undefined;
  cwd: string;
}

/** A coordinator that lives on: any number of studies, workers that come and go. */
export interface ServedStudies {
  readonly coordinator: Coordinator;
  /** How others reach it. */
  readonly url: string;
  /** Studies whose run an earlier coordinator left open. */
  readonly resumed: readonly string[];
  /** Takes nothing more and leaves all runs open: workers go on, and wait for the next coordinator. */
  close(): Promise<void>;
}

export async function serveStudies(options: ServeOptions): Promise<ServedStudies> {
  const { database, host, port, certificate, cwd } = options;
  makeTokenFile(options.tokenFile);
  const access = tokenFile(options.tokenFile, systemClock);
  const filesOf = (study: string): string => filesFolder(database, study);
  const submissions = { filesOf, cwd, seed: systemRandom.seed };
  const session = await openSession(database, { submissions });
  const { coordinator } = session;
  try {
    const resumed = await coordinator.resumeOpenRuns(filesOf);
    for (const { ended } of resumed) ended.catch(() => undefined);
    const server = await serveHttp(coordinator, {
      access,
      host,
      port,
      version: manifest.version,
      ...(certificate && { certificate }),
      submissions,
    });
    return {
      coordinator,
      url: reachable(server.url, host),
      resumed: resumed.map((run) => run.host.name),
      async close() {
        await coordinator.shutdown();
        await server.close();
        await session.close();
      },
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** For its owner alone: whoever has the token runs programs here. */
function makeTokenFile(path: string): void {
  if (existsSync(path)) return;
  try {
    writeFileSync(path, `${systemRandom.id(24)}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
  } catch (cause) {
    throw fail('auth.token-file', path, { problem: (cause as Error).message }, { cause });
  }
}

/** One that listens everywhere is reached by the name of its machine. */
function reachable(url: string, host: string): string {
  const address = new URL(url);
  if (host === '0.0.0.0' || host === '::') address.hostname = hostname();
  return address.origin;
}
