// Where the parts of Fleetune that are started or imported by others lie: sources in a checkout, dist in the package.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const fromSource = import.meta.url.endsWith('.ts');

/** A module that is started as a process or a thread of its own. */
export function processEntry(
  name:
    | 'worker-process'
    | 'watchdog-process'
    | 'spawner-process'
    | 'advisor-thread'
    | 'simulation-thread',
): string {
  return local(`./${name}.${fromSource ? 'ts' : 'js'}`);
}

/** The folder of fleetune.py, the client that programs may import. */
export function clientFolder(): string {
  return dirname(local(fromSource ? '../../../python/fleetune.py' : './fleetune.py'));
}

function local(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
