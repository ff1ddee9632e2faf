// A database that cannot be used: one clear error with exit code 3, and not a byte of it is changed.

import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqliteStore } from '@fleetune/coordinator/store';
import { mayMakeDisks, mount, unmount } from '@fleetune/coordinator/testing';
import type { ErrorCode, StudyEvent } from '@fleetune/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bin, prepareCommand, runCommand, type Finished } from './command.ts';

const privileged = mayMakeDisks();

/** A folder with a study that has run three trials of its budget. */
let template: string;
let folder: string;
let database: string;

beforeAll(async () => {
  prepareCommand();
  template = mkdtempSync(join(tmpdir(), 'fleetune-template-'));
  writeFileSync(join(template, 'study.yaml'), study);
  expect(await runCommand(['run', 'study.yaml'], template)).toMatchObject({ code: 0, stderr: '' });
}, 120_000);
afterAll(() => rmSync(template, { recursive: true, force: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune-bad-db-'));
  cpSync(template, folder, { recursive: true });
  chmodSync(folder, 0o755);
  database = join(folder, 'fleetune.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const study = `
name: small
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
command: [echo, '{"loss": {x}}']
budget: { trials: 3 }
seed: 1
`;

const more = ['run', 'study.yaml', '--trials', '5'];

describe('a file that is not this release’s database', () => {
  it.each<[string, ErrorCode, RegExp, () => void]>([
    ['cut in the middle', 'store.corrupt', /damaged/, () => truncateSync(database, 20_000)],
    ['cut in its header', 'store.corrupt', /damaged/, () => truncateSync(database, 50)],
    ['a text', 'store.foreign', /not a database/, () => writeFileSync(database, 'my notes\n')],
    ['of a newer release', 'store.newer-version', /schema 99/, () => change('user_version = 99')],
    ['of another program', 'store.foreign', /not a database/, () => change('application_id = 7')],
    [
      'a folder',
      'store.io',
      /folder|directory/,
      () => {
        rmSync(database);
        mkdirSync(database);
      },
    ],
  ])('%s: %s, to writers and readers', async (_, code, words, spoil) => {
    spoil();
    const before = snapshot(folder);
    await expectRefusal(more, code, words);
    await expectRefusal(['study', 'list'], code, words);
    await expectRefusal(['study', 'stop', 'study.yaml'], code, words);
    expect(snapshot(folder)).toEqual(before);
  });

  it('a file in the place of the folder for trials is in the way', async () => {
    rmSync(join(folder, '.fleetune'), { recursive: true });
    writeFileSync(join(folder, '.fleetune'), '');
    await expectRefusal(more, 'store.io', /\.fleetune: cannot be used: EEXIST/);
    rmSync(join(folder, '.fleetune'));
    expect(await runCommand(more, folder)).toMatchObject({ code: 0, stderr: '' });
  });

  it('is named by --db as well', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'my notes\n');
    await expectRefusal([...more, '--db', 'notes.txt'], 'store.foreign', /notes\.txt: is not/);
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('my notes\n');
  });
});

it('disks can be made under CI', () => {
  if (process.env['CI']) expect(privileged, 'root, and the right to mount').toBe(true);
});

describe.runIf(privileged)('a database that cannot be written', () => {
  it('on a read-only mount: runs are refused, readers work', async () => {
    expect(mount('--bind', '-o', 'ro', folder, folder)).toBe(true);
    try {
      const before = snapshot(folder);
      await expectRefusal(more, 'store.read-only', /cannot be written/);
      await expectReadable();
      expect(snapshot(folder)).toEqual(before);
    } finally {
      unmount(folder);
    }
  });

  it('of another user: runs are refused, readers work', async (context) => {
    const readable = spawnSync(process.execPath, [bin, '--version'], { uid: NOBODY, gid: NOBODY });
    const unreadable = readable.status !== 0 && !process.env['CI'];
    if (unreadable) context.skip('another user cannot run this checkout');
    const before = snapshot(folder);
    const asNobody = (args: string[]): string => {
      const options = { cwd: folder, uid: NOBODY, gid: NOBODY } as const;
      return execFileSync(process.execPath, [bin, ...args], {
        ...options,
        stdio: 'pipe',
      }).toString();
    };
    expect(() => asNobody(more)).toThrow(/cannot be written.*\[store\.read-only\]/s);
    expect(asNobody(['study', 'list'])).toContain('small');
    expect(snapshot(folder)).toEqual(before);
  });
});

describe.runIf(privileged)('a disk', () => {
  let disk: string;
  beforeEach(() => {
    disk = join(folder, 'disk');
    mkdirSync(disk);
  });
  afterEach(() => unmount(disk));

  it('that is full from the start gets a clear error; with room the same command works', async () => {
    expect(mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk)).toBe(true);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(64 << 10));
    const args = [...more, '--db', 'disk/fleetune.db'];
    await expectRefusal(args, 'store.full', /disk is full/);
    rmSync(join(disk, 'filler'));
    mount('-o', 'remount,size=4m', disk);
    expect(await runCommand(args, folder)).toMatchObject({ code: 0, stderr: '' });
  });

  it('that gets full ends the run, keeps what was acknowledged, and the study goes on later', async () => {
    expect(mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk)).toBe(true);
    writeFileSync(
      join(disk, 'train'),
      `#!/bin/sh\nseq -f '{"epoch": %g, "loss": 1}' 500; sleep 0.1\n`,
    );
    chmodSync(join(disk, 'train'), 0o755);
    writeFileSync(join(disk, 'study.yaml'), long);
    const run = await runCommand(['run', 'study.yaml', '--json'], disk);
    expect(run.code).toBe(3);
    expect(JSON.parse(run.stderr)).toMatchObject({
      kind: 'error',
      errors: [{ code: 'store.full', place: join(disk, 'fleetune.db') }],
    });
    const acknowledged = eventsOf(run);
    expect(acknowledged.length).toBeGreaterThan(10);

    mount('-o', 'remount,size=64m', disk);
    expect(await runCommand(['replay', 'study.yaml'], disk)).toMatchObject({ code: 0 });
    const again = await runCommand(['run', 'study.yaml', '--json'], disk);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    const stored = storedEvents(join(disk, 'fleetune.db'));
    for (const event of acknowledged) expect(stored[event.id - 1]).toEqual(event);
    const completed = stored.filter((event) => event.kind === 'trial-ended');
    expect(completed.map(({ trial }) => trial).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, trial) => trial),
    );
  });

  const long = `
name: long
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
fidelity: { metric: epoch, max: 500 }
scheduler: fifo
command: [./train]
budget: { trials: 60 }
engine: { type: local, slots: 4 }
`;
});

it.runIf(process.platform === 'linux')('output that cannot be written is no crash', () => {
  const full = openSync('/dev/full', 'w');
  for (const args of [more, ['study', 'list']]) {
    const { status, stderr } = spawnSync(process.execPath, [bin, ...args], {
      cwd: folder,
      stdio: ['ignore', full, 'pipe'],
    });
    expect(stderr.toString()).toMatch(/^standard output: cannot be written: ENOSPC.*\n.*\n.*\n$/);
    expect(status).toBe(3);
  }
  closeSync(full);
});

const NOBODY = 65534;

async function expectRefusal(args: string[], code: ErrorCode, words: RegExp): Promise<void> {
  const { code: exit, stdout, stderr } = await runCommand(args, folder, { NO_COLOR: '1' });
  expect([stdout, exit]).toEqual(['', 3]);
  expect(stderr).toMatch(words);
  // One error: its place and message, its remedy, its code.
  expect(stderr.split('\n')).toEqual([
    expect.stringContaining(': '),
    expect.stringMatching(/^ {2}\S/),
    `  [${code}]`,
    '',
  ]);
}

async function expectReadable(): Promise<void> {
  const all = await Promise.all(
    [
      ['study', 'list'],
      ['study', 'show', 'study.yaml'],
      ['trial', 'list', 'study.yaml'],
    ].map((args) => runCommand(args, folder)),
  );
  for (const { code, stderr } of all) expect([code, stderr]).toEqual([0, '']);
  expect(all[0]!.stdout).toContain('small');
}

function change(pragma: string): void {
  const connection = new DatabaseSync(database);
  connection.exec(`PRAGMA ${pragma}`);
  connection.close();
}

/** Every file and its bytes; not the log and its index, which SQLite lays beside a database to read it. */
function snapshot(place: string): Record<string, string> {
  const entries = readdirSync(place, { recursive: true, withFileTypes: true }).filter(
    ({ name }) => !/-(wal|shm)$/.test(name),
  );
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, entry.isFile() ? readFileSync(path, 'base64') : 'folder'];
    }),
  );
}

function eventsOf({ stdout }: Finished): StudyEvent[] {
  const lines = stdout.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as StudyEvent).filter(({ id }) => id !== undefined);
}

function storedEvents(path: string): StudyEvent[] {
  const store = sqliteStore(path, { readOnly: true });
  const events = [...store.events(store.studies()[0]!.id, 0)];
  void store.close();
  return events;
}
