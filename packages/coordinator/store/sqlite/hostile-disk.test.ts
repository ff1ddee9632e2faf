// Goal: a disk or a permission that does not allow a write gives the right error, harms nothing and leaves the store
// readable. Each runs in a process of its own, which prints what it met as JSON.

import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mayMakeDisks, mount, sampleAppend, sampleSpec, unmount } from '../testing/index.ts';
import { sqlitePlace } from '../testing/sqlite-place.ts';
import { sqliteStore } from './sqlite-store.ts';

let place: ReturnType<typeof sqlitePlace>;
beforeEach(() => {
  place = sqlitePlace();
});
afterEach(() => place.dispose());

const privileged = mayMakeDisks();
const program = new URL('../testing/fill-disk.ts', import.meta.url).pathname;

interface Met {
  code: string;
  acknowledged: number;
  readable: number;
}

/** Appends until an error comes; under a limit of the shell when there is one. */
function fillDisk(path: string, limit: string = ':'): Met {
  const command = `${limit}; exec "$0" "$1" "$2"`;
  const out = execFileSync('sh', ['-c', command, process.execPath, program, path]);
  return JSON.parse(out.toString()) as Met;
}

function mounted(...options: string[]): string {
  const folder = join(place.folder, 'mounted');
  mkdirSync(folder);
  expect(mount(...options, folder)).toBe(true);
  return folder;
}

test('disks can be made under CI', () => {
  if (process.env['CI']) expect(privileged, 'root, and the right to mount').toBe(true);
});

describe('a disk that gets full', () => {
  test.runIf(privileged)('rejects with store.full and keeps what it acknowledged', async () => {
    const folder = mounted('-t', 'tmpfs', '-o', 'size=512k', 'tmpfs');
    try {
      const path = join(folder, 'fleetune.db');
      const met = fillDisk(path);
      expect(met.code).toBe('store.full');
      expect(met.acknowledged).toBeGreaterThan(0);
      expect(met.readable).toBe(met.acknowledged);
      const reader = sqliteStore(path, { readOnly: true });
      expect([...reader.events(1, 0)]).toHaveLength(met.acknowledged);
      await reader.close();
    } finally {
      unmount(folder);
    }
  });

  test.runIf(process.platform === 'linux')(
    'or a limit of file size rejects with a store error and keeps what it acknowledged',
    async () => {
      const met = fillDisk(place.path, 'ulimit -f 256');
      expect(['store.io', 'store.full']).toContain(met.code);
      expect(met.acknowledged).toBeGreaterThan(0);
      expect(met.readable).toBe(met.acknowledged);
      const store = sqliteStore(place.path);
      expect([...store.events(1, 0)]).toHaveLength(met.acknowledged);
      await store.append(() => sampleAppend(1, met.acknowledged + 1));
      await store.close();
    },
  );
});

/** Opens as another user; the code of the error, or how many events were read. */
function openAs(uid: number, path: string, readOnly: boolean): string | number {
  const script = new URL('../testing/open-and-count.ts', import.meta.url).pathname;
  const out = execFileSync(process.execPath, [script, path, String(readOnly)], { uid, gid: uid });
  return JSON.parse(out.toString()) as string | number;
}

describe('a database that this user may not write', () => {
  const other = 65534;

  async function three(): Promise<void> {
    const store = sqliteStore(place.path);
    const { id } = store.createStudy('s', sampleSpec, 0);
    await store.append(() => sampleAppend(id, 1, 3));
    await store.close();
    chmodSync(place.folder, 0o755);
  }

  test.runIf(privileged)(
    'is refused to a writer and open to a reader, and stays as it is',
    async () => {
      await three();
      const bytes = readFileSync(place.path);
      expect(openAs(other, place.path, false)).toBe('store.read-only');
      expect(openAs(other, place.path, true)).toBe(3);
      expect(readFileSync(place.path).equals(bytes)).toBe(true);
      expect(readdirSync(place.folder)).toEqual(['fleetune.db']);
    },
  );

  test.runIf(privileged)('is open to a reader while its owner writes', async () => {
    await three();
    const owner = place.open();
    await owner.append(() => sampleAppend(1, 4));
    expect(openAs(other, place.path, true)).toBe(4);
  });

  test.runIf(privileged)(
    'says so when a killed writer left a log that cannot be read here',
    async () => {
      await three();
      const store = sqliteStore(place.path);
      await store.append(() => sampleAppend(1, 4));
      const log = readFileSync(`${place.path}-wal`);
      await store.close();
      writeFileSync(`${place.path}-wal`, log);
      expect(openAs(other, place.path, true)).toBe('store.read-only');
    },
  );

  test.runIf(privileged)('may lie in a folder that can be written', async () => {
    await three();
    chownSync(place.folder, other, other);
    expect(openAs(other, place.path, false)).toBe('store.read-only');
    expect(openAs(other, place.path, true)).toBe(3);
  });

  test.runIf(privileged)('also on a read-only mount', async () => {
    await three();
    const folder = mounted('--bind', '-o', 'ro', place.folder);
    try {
      const path = join(folder, 'fleetune.db');
      expect(() => sqliteStore(path)).toThrow(expect.objectContaining({ code: 'store.read-only' }));
      const reader = sqliteStore(path, { readOnly: true });
      expect([...reader.events(1, 0)]).toHaveLength(3);
      await reader.close();
    } finally {
      unmount(folder);
    }
  });
});

test('a reader may not write', async () => {
  await place.open().close();
  const reader = sqliteStore(place.path, { readOnly: true });
  const readOnly = expect.objectContaining({ code: 'store.read-only' });
  expect(() => reader.createStudy('s', sampleSpec, 0)).toThrow(readOnly);
  await expect(reader.append(() => sampleAppend(1, 1))).rejects.toThrow(readOnly);
  await reader.close();
});
