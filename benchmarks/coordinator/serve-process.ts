import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const command = join(import.meta.dirname, '../../packages/fleetune/bin/fleetune.js');

export interface ServeProcess {
  child: ChildProcess;
  url: string;
  token: string;
}

/** `fleetune serve` in the folder; resolves once it answers. */
export async function serveProcess(folder: string, port = 0): Promise<ServeProcess> {
  const child = spawn(process.execPath, [command, 'serve', '--json', '--port', String(port)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`fleetune serve exited with ${code}`);
    }),
  ])) as [string];
  // What it says later is for nobody, but the pipe must not fill up.
  lines.on('line', () => undefined);
  const { url } = JSON.parse(line) as { url: string };
  const token = (await readFile(join(folder, 'fleetune.token'), 'utf8')).trim();
  return { child, url, token };
}
