import { Socket } from 'node:net';
import { runSpawner } from '@fleetune/worker';

// Not process.stdout, whose writes hold up everything while the worker is busy.
await runSpawner(process.stdin, new Socket({ fd: 1, readable: false }));
process.exit(0);
