import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface RunningCoordinator {
  url: string;
  token: string;
  pid: number;
  stop(): Promise<void>;
}

const token = 'benchmark';

/** A fresh database on the disk of the checkout: what is durable costs what it should. */
export async function startCoordinator(): Promise<RunningCoordinator> {
  const folder = await mkdtemp(join(import.meta.dirname, '../../.tools/bench-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, './coordinator-process.ts')], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, FLEETUNE_BENCH_TOKEN: token },
  });
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(() => Promise.reject(new Error('the coordinator did not start'))),
  ])) as [string];
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    token,
    pid: child.pid!,
    async stop() {
      child.stdin.end();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
