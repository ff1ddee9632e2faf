// A spawner process for the tests; notes its process id in the file of argv.

import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { runSpawner } from '../spawner/run-spawner.ts';

const [, , file] = process.argv;
if (file !== undefined) writeFileSync(file, String(process.pid));
await runSpawner(process.stdin, new Socket({ fd: 1, readable: false }));
process.exit(0);
