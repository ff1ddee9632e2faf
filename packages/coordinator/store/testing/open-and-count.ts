// Program of the tests of permissions: opens the database in argv[2], read-only if argv[3] is "true", and prints the
// number of events of its first study, or the code of the error.

import { FleetuneError } from '@fleetune/core';
import { sqliteStore } from '../sqlite/sqlite-store.ts';

const [path, readOnly] = process.argv.slice(2);
try {
  const store = sqliteStore(path!, { readOnly: readOnly === 'true' });
  console.log([...store.events(store.studies()[0]!.id, 0)].length);
  await store.close();
} catch (error) {
  if (!(error instanceof FleetuneError)) throw error;
  console.log(JSON.stringify(error.code));
}
