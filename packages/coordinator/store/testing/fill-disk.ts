// Program of the tests of full disks: appends to the database in argv[2] until an append fails, and prints how.

import { FleetuneError } from '@fleetune/core';
import { sqliteStore } from '../sqlite/sqlite-store.ts';
import { sampleAppend, sampleSpec } from './samples.ts';

const store = sqliteStore(process.argv[2]!);
const { id } = store.createStudy('s', sampleSpec, 0);
let acknowledged = 0;
try {
  for (;;) {
    // Groups of several appends: all of one, or nothing.
    const group = Array.from({ length: 20 }, (_, i) => acknowledged + 1 + i);
    const results = await Promise.allSettled(
      group.map((n) => store.append(() => sampleAppend(id, n))),
    );
    const failed = results.filter(({ status }) => status === 'rejected');
    if (failed.length > 0 && failed.length < group.length) throw new Error('half a group');
    if (failed[0]?.status === 'rejected') throw failed[0].reason;
    acknowledged += group.length;
  }
} catch (error) {
  if (!(error instanceof FleetuneError)) throw error;
  const readable = [...store.events(id, 0)].length;
  console.log(JSON.stringify({ code: error.code, acknowledged, readable }));
}
