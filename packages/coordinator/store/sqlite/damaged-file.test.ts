// Goal: no file that is damaged, foreign or from the future is ever changed by us, and each gives its own clear error.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FleetuneError } from '@fleetune/core';
import { sampleAppend, sampleEvent, sampleSpec } from '../testing/index.ts';
import { sqlitePlace } from '../testing/sqlite-place.ts';
import { steps } from './schema.ts';
import { sqliteStore } from './sqlite-store.ts';

let place: ReturnType<typeof sqlitePlace>;
beforeEach(() => {
  place = sqlitePlace();
});
afterEach(() => place.dispose());

const code = (expected: string) => expect.objectContaining({ code: expected });

/** Some pages of events, closed: one file without a log. */
async function fill(events: number): Promise<Buffer> {
  const store = sqliteStore(place.path);
  const { id } = store.createStudy('s', sampleSpec, 0);
  await store.append(() => sampleAppend(id, 1, events));
  await store.close();
  return readFileSync(place.path);
}

/** Opens and uses the database in every way; the code of the error, if there is one. */
async function codeOfUse(readOnly: boolean): Promise<string | undefined> {
  try {
    const store = sqliteStore(place.path, { readOnly });
    try {
      for (const { id } of store.studies()) {
        for (const event of store.events(id, 0)) expect(event).toEqual(sampleEvent(event.id));
        store.trials(id);
      }
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof FleetuneError)) throw error;
    return error.code;
  }
  return undefined;
}

describe('a database cut at any point', () => {
  test('is refused as corrupt, for readers and writers, and keeps its bytes', async () => {
    const whole = await fill(400);
    const cuts = [1, 15, 16, 17, 50, 99, 100, 101, 511, 512, 4095, 4096, 4097, whole.length - 1];
    for (let cut = 5000; cut < whole.length; cut += 7919) cuts.push(cut);
    for (const cut of cuts) {
      const part = whole.subarray(0, cut);
      writeFileSync(place.path, part);
      for (const readOnly of [true, false])
        expect([cut, readOnly, await codeOfUse(readOnly)]).toEqual([
          cut,
          readOnly,
          'store.corrupt',
        ]);
      expect(readFileSync(place.path).equals(part)).toBe(true);
    }
  });

  test('is refused as corrupt also with a log beside it, and both keep their bytes', async () => {
    const whole = await fill(400);
    const store = sqliteStore(place.path);
    await store.append(() => sampleAppend(1, 401));
    const log = readFileSync(`${place.path}-wal`);
    await store.close();
    // A cut of what the log has again is none: the half is far from the pages that the last append touched.
    for (const cut of [0, 1, 99, 4096, 8192, Math.floor(whole.length / 2)]) {
      const part = whole.subarray(0, cut);
      writeFileSync(place.path, part);
      writeFileSync(`${place.path}-wal`, log);
      for (const readOnly of cut === 0 ? [false] : [true, false])
        expect([cut, await codeOfUse(readOnly)]).toEqual([cut, 'store.corrupt']);
      expect(readFileSync(place.path).equals(part)).toBe(true);
      expect(readFileSync(`${place.path}-wal`).equals(log)).toBe(true);
    }
  });
});

test('bytes overwritten in the middle end in an error of the table, never in a crash', async () => {
  const whole = await fill(400);
  for (let at = 4096; at < whole.length; at += 4096 * 3 + 17) {
    const damaged = Buffer.from(whole);
    damaged.fill(0xa5, at, at + 600);
    writeFileSync(place.path, damaged);
    const outcome = await codeOfUse(true).catch((error: unknown) => {
      // Damage inside the text of a row is not SQLite's to notice.
      expect((error as Error).name).toMatch(/SyntaxError|AssertionError/);
    });
    expect([undefined, 'store.corrupt']).toContain(outcome);
    expect(readFileSync(place.path).equals(damaged)).toBe(true);
  }
});

test('a file that is no database is refused as foreign and keeps its bytes', () => {
  for (const text of ['name: digits\n', 'SQLite format 2, or so, and a long text behind it\n']) {
    writeFileSync(place.path, text);
    for (const readOnly of [true, false])
      expect(() => sqliteStore(place.path, { readOnly })).toThrow(code('store.foreign'));
    expect(readFileSync(place.path, 'utf8')).toBe(text);
  }
});

test('a database of another program is refused as foreign and keeps its bytes', () => {
  const other = new DatabaseSync(place.path);
  other.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)');
  other.close();
  const bytes = readFileSync(place.path);
  for (const readOnly of [true, false])
    expect(() => sqliteStore(place.path, { readOnly })).toThrow(code('store.foreign'));
  expect(readFileSync(place.path).equals(bytes)).toBe(true);
});

test('a database of another program is refused also while that program writes', () => {
  const other = new DatabaseSync(place.path);
  other.exec('PRAGMA journal_mode = PERSIST; CREATE TABLE theirs (x)');
  const bytes = readFileSync(place.path);
  expect(readdirSync(place.folder)).toContain('fleetune.db-journal');
  expect(() => sqliteStore(place.path)).toThrow(code('store.foreign'));
  other.close();
  expect(readFileSync(place.path).equals(bytes)).toBe(true);
});

test('a database of a newer release is refused, says both versions and keeps its bytes', async () => {
  await fill(3);
  const newer = new DatabaseSync(place.path);
  newer.exec('PRAGMA user_version = 99');
  newer.close();
  const bytes = readFileSync(place.path);
  for (const readOnly of [true, false])
    expect(() => sqliteStore(place.path, { readOnly })).toThrow(
      new RegExp(`newer release \\(schema 99; this release knows ${steps.length}\\)`),
    );
  expect(readFileSync(place.path).equals(bytes)).toBe(true);
});

test('readers of an absent or empty database are told so, and leave nothing behind', () => {
  expect(() => sqliteStore(place.path, { readOnly: true })).toThrow(code('store.not-found'));
  expect(readdirSync(place.folder)).toEqual([]);
  writeFileSync(place.path, '');
  expect(() => sqliteStore(place.path, { readOnly: true })).toThrow(code('store.not-found'));
});

test('a folder that does not exist is named as the reason', () => {
  const inside = `${place.folder}/absent/fleetune.db`;
  expect(() => sqliteStore(inside)).toThrow(code('store.no-folder'));
});
