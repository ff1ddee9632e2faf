import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { httpConnection, studyClient } from '@fleetune/protocol/node';
import { serveProcess } from './serve-process.ts';
import { study } from './study.ts';

export interface RunningCoordinator {
  url: string;
  token: string;
  pid: number;
  stop(): Promise<void>;
}

/** The bare server in its place. */
export async function startBareServer(): Promise<RunningCoordinator> {
  const folder = await mkdtemp(join(import.meta.dirname, '../../.tools/bench-'));
  const program = join(import.meta.dirname, 'bare-server.ts');
  const child = spawn(process.execPath, [program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { url, token } = JSON.parse(line) as { url: string; token: string };
  return { url, token, pid: child.pid!, stop: () => stop(child, folder) };
}

/** `fleetune serve` with one study, on the disk of the checkout: what is durable costs what it should. */
export async function startCoordinator(): Promise<RunningCoordinator> {
  const folder = await mkdtemp(join(import.meta.dirname, '../../.tools/bench-'));
  const { child, url, token } = await serveProcess(folder);
  const connection = httpConnection(url, token);
  await studyClient(connection).submitStudy({ file: study, cwd: folder, seed: 1 });
  connection.close();
  return { url, token, pid: child.pid!, stop: () => stop(child, folder) };
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
  await rm(folder, { recursive: true, force: true });
}
