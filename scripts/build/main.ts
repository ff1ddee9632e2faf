// Builds packages/fleetune/dist: the command, the library and, with --types, the library's declarations.
// ./fleetune runs it without --types after every change of a source, so it has to stay fast.

import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { dist, writeDeclarations } from './declarations.ts';
import { writeNotices } from './notices.ts';

const { values } = parseArgs({
  options: { clean: { type: 'boolean' }, types: { type: 'boolean' } },
});

// Otherwise older chunks stay: a command that is still running may load them lazily.
if (values.clean) await rm(dist, { recursive: true, force: true });
const { files, modules } = await bundle(dist);
await writeNotices(dist, modules);
if (values.types) await writeDeclarations();
const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
console.log(`packages/fleetune/dist: ${files.length} files, ${Math.round(bytes / 1000)} kB`);
