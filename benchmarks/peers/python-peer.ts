import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '../../.tools/peers');

/**
 * The interpreter of an environment that has these packages, pinned as `name==version`; made on
 * the first call. Undefined where they cannot be had, with the reason on stderr.
 */
export async function pythonPeer(packages: readonly string[]): Promise<string | undefined> {
  const home = join(folder, packages.join('+').replaceAll('==', '-'));
  const python = join(home, 'bin/python');
  const ready = join(home, 'ready');
  if (existsSync(ready)) return python;
  try {
    await rm(home, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', home]);
    await run(python, ['-m', 'pip', 'install', '--quiet', ...packages]);
    await run('touch', [ready]);
    return python;
  } catch (error) {
    const [reason] = (error as Error).message.trim().split('\n').slice(-1);
    console.error(`without ${packages.join(', ')}, which cannot be had here: ${reason}`);
    return undefined;
  }
}
