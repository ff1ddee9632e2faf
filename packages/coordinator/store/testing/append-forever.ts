// Program of the kill tests: appends to the study "s" of the database in argv[2], argv[3] appends at a time, and
// prints the id of every acknowledged event on a line of its own.

import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { sqliteStore } from '../sqlite/sqlite-store.ts';
import { sampleAppend, sampleSpec } from './samples.ts';

// A killed process would not leave it to the next one, which then starts slowly.
flushCompileCache();

const [path, concurrent] = process.argv.slice(2);
const store = sqliteStore(path!);
const study = store.study('s') ?? store.createStudy('s', sampleSpec, 0);
let next = study.lastEvent + 1;

async function appendForever(): Promise<never> {
  for (;;) {
    const id = next++;
    await store.append(() => sampleAppend(study.id, id));
    writeSync(1, `${id}\n`);
  }
}

await Promise.all(Array.from({ length: Number(concurrent) }, appendForever));
