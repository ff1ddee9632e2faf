import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { httpConnection, studyClient } from '@fleetune/protocol/node';
import { serveProcess } from './serve-process.ts';
import { study } from './study.ts';

export interface RunningCoordinator {
  url: string;
  token: string;
  pid: number;
  stop(): Promise<void>;
}

/** `fleetune serve` with one study, on the disk of the checkout: what is durable costs what it should. */
export async function startCoordinator(): Promise<RunningCoordinator> {
  const folder = await mkdtemp(join(import.meta.dirname, '../../.tools/bench-'));
  const { child, url, token } = await serveProcess(folder);
  const connection = httpConnection(url, token);
  await studyClient(connection).submitStudy({ file: study, cwd: folder, seed: 1 });
  connection.close();
  return {
    url,
    token,
    pid: child.pid!,
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
