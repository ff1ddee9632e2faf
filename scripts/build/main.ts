// Builds packages/fleetune/dist: the command and the library. ./fleetune runs it after every change of a source, so it
// has to stay fast. --package builds dist/fleetune instead, the folder of the published package.

import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../root.ts';
import { bundle } from './bundle.ts';
import { install } from './install.ts';
import { buildPackage } from './package.ts';

const { values } = parseArgs({ options: { package: { type: 'boolean' } } });
console.log(values.package ? await buildPackage() : await buildCommand());

async function buildCommand(): Promise<string> {
  const home = join(root, 'packages/fleetune');
  // On the same disk, so that files can be moved by renaming them.
  const built = await mkdtemp(join(root, '.tools/dist-'));
  try {
    const { bytes } = await bundle(built);
    await install(built, join(home, 'dist'));
    return `packages/fleetune/dist: ${Math.round(bytes / 1000)} kB`;
  } finally {
    await rm(built, { recursive: true, force: true });
  }
}
