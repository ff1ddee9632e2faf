// Program of the ownership race: opens argv[2], claims it and prints "claimed" or the code of the error; it keeps what
// it claimed until its input ends.

import { FleetuneError } from '@fleetune/core';
import { sqliteStore } from '../sqlite/sqlite-store.ts';
import { sampleOwner } from './samples.ts';

process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
try {
  sqliteStore(process.argv[2]!).claim(sampleOwner());
  process.stdout.write('claimed\n');
} catch (error) {
  if (!(error instanceof FleetuneError)) throw error;
  process.stdout.write(`${error.code}\n`);
}
