// Builds packages/fleetune/dist: the command and the library. ./fleetune runs it after every change of a source, so it
// has to stay fast; --package adds what only the published package needs.

import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { studyFileSchema } from '@fleetune/core';
import { root } from '../root.ts';
import { bundle } from './bundle.ts';
import { writeDeclarations } from './declarations.ts';
import { writeNotices } from './notices.ts';

const home = join(root, 'packages/fleetune');
const dist = join(home, 'dist');
const { values } = parseArgs({ options: { package: { type: 'boolean' } } });

// Otherwise older chunks stay: a command that is still running may load them later.
if (values.package) await rm(dist, { recursive: true, force: true });
const { files, modules } = await bundle(dist);
// For editors: docs/study-file.md explains it.
await writeFile(join(dist, 'study.schema.json'), `${JSON.stringify(studyFileSchema, null, 2)}\n`);
if (values.package) {
  await writeNotices(dist, modules);
  await writeDeclarations(join(dist, 'types'));
  for (const page of ['README.md', 'LICENSE']) await copyFile(join(root, page), join(home, page));
}
const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
console.log(`packages/fleetune/dist: ${files.length} files, ${Math.round(bytes / 1000)} kB`);
