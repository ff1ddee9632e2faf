import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleAppend, sampleEvent, sampleSpec, sampleTrial } from '../testing/index.ts';
import { makeSampleDatabase } from '../testing/sample-database.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { steps } from './schema.ts';
import { sqlitePlace } from '../testing/sqlite-place.ts';
import { sqliteStore } from './sqlite-store.ts';

let place: ReturnType<typeof sqlitePlace>;
beforeEach(() => {
  place = sqlitePlace();
});
afterEach(() => place.dispose());

const next = [...steps, 'ALTER TABLE study ADD COLUMN extra TEXT'];

describe('migrate', () => {
  test('makes a new database without a backup', () => {
    const database = new DatabaseSync(place.path);
    migrate(database, place.path, steps);
    expect(schemaVersion(database)).toBe(steps.length);
    database.close();
    expect(readdirSync(place.folder)).toEqual(['fleetune.db']);
  });

  test('takes an old one forward, keeps its data and a backup that opens as it was', async () => {
    const old = sqliteStore(place.path);
    old.createStudy('kept', sampleSpec, 1);
    await old.close();
    const database = new DatabaseSync(place.path);
    migrate(database, place.path, next);
    expect(schemaVersion(database)).toBe(next.length);
    expect(database.prepare('SELECT name, extra FROM study').get()).toEqual({
      name: 'kept',
      extra: null,
    });
    database.close();
    const backup = sqliteStore(`${place.path}.v${steps.length}.backup`, { readOnly: true });
    expect(backup.studies().map(({ name }) => name)).toEqual(['kept']);
    await backup.close();
  });

  test('changes nothing when a step fails', async () => {
    await sqliteStore(place.path).close();
    const database = new DatabaseSync(place.path);
    const broken = [...steps, 'CREATE TABLE half (x); SELECT nonsense FROM nowhere'];
    expect(() => migrate(database, place.path, broken)).toThrow(/nowhere/);
    expect(schemaVersion(database)).toBe(steps.length);
    expect(database.prepare("SELECT * FROM sqlite_schema WHERE name = 'half'").get()).toBe(
      undefined,
    );
    database.close();
  });

  test('does nothing to a database of today', async () => {
    await sqliteStore(place.path).close();
    const store = sqliteStore(place.path);
    await store.close();
    expect(existsSync(`${place.path}.v1.backup`)).toBe(false);
  });
});

describe('a database of every version of the schema', () => {
  const fixture = (version: number) =>
    fileURLToPath(new URL(`../fixtures/schema-v${version}.db`, import.meta.url));

  test.each(steps.map((_, i) => i + 1))('opens for ever: version %i', async (version) => {
    copyFileSync(fixture(version), place.path);
    await expectSample(version);
  });

  test.each(steps.map((_, i) => i + 1))('is read as it is: version %i', async (version) => {
    copyFileSync(fixture(version), place.path);
    const store = sqliteStore(place.path, { readOnly: true });
    const { id } = store.study('first')!;
    expect([...store.events(id, 0)]).toHaveLength(5);
    // An old snapshot is of no use.
    expect(store.snapshot(id)?.event).toBe(version < 4 ? undefined : 5);
    expect(store.snapshotTrials(id, 1, 5)).toBe(version < 4 ? undefined : 'trials 1');
    await store.close();
    const database = new DatabaseSync(place.path);
    expect(schemaVersion(database)).toBe(version);
    database.close();
  });

  test('is made by this release with the same content', async () => {
    await makeSampleDatabase(place.path);
    await expectSample(steps.length);
  });

  async function expectSample(version: number): Promise<void> {
    const store = place.open();
    expect(store.studies().map(({ name }) => name)).toEqual(['first', 'second']);
    const { id, spec } = store.study('first')!;
    expect(spec).toEqual(sampleSpec);
    expect([...store.events(id, 0)]).toEqual([1, 2, 3, 4, 5].map(sampleEvent));
    expect(store.trials(id)).toEqual([sampleTrial(5, 5)]);
    const snapshot = { event: 5, heads: ['head 0', 'head 1'] };
    expect(store.snapshot(id)).toEqual(version < 4 ? undefined : snapshot);
    expect(store.owner()).toBeUndefined();
    await store.append(() => sampleAppend(id, 6));
    expect(store.study('first')?.lastEvent).toBe(6);
  }
});
