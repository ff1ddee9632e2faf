import { sqliteStore } from '../sqlite/sqlite-store.ts';
import { sampleAppend, sampleOwner, sampleSpec } from './samples.ts';

/**
 * Makes the database that `fixtures/schema-v<version>.db` holds for every version of the schema: run it once for a new
 * version, before its first release, and keep the file for ever.
 */
export async function makeSampleDatabase(path: string): Promise<void> {
  const store = sqliteStore(path);
  const { id } = store.createStudy('first', sampleSpec, 1);
  store.createStudy('second', { ...sampleSpec, name: 'second' }, 2);
  store.claim(sampleOwner());
  await store.append(() => ({
    ...sampleAppend(id, 1, 5),
    snapshot: [0, 1].map((line) => ({ line, head: `head ${line}`, trials: `trials ${line}` })),
  }));
  await store.close();
}
