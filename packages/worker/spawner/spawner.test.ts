import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger, systemClock } from '@fleetune/platform/node';
import { isAlive, waitFor } from '../testing/wait-for.ts';
import { localSpawner } from './local-spawner.ts';
import { spawnSpawner } from './spawner-process.ts';
import type { ProcessEvents, ProcessSpec, Spawner } from './spawner.ts';

let folder: string;
let spawner: Spawner;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune-spawner-'));
});
afterEach(async () => {
  await spawner.close();
  rmSync(folder, { recursive: true, force: true });
});

const pidFile = (): string => join(folder, 'spawner');
const remote = (): Spawner =>
  spawnSpawner({
    argv: [process.execPath, join(import.meta.dirname, '../testing/spawner.ts'), pidFile()],
    clock: systemClock,
    log: silentLogger,
  });

interface Heard {
  said: string[];
  pid?: number;
  out: string;
  bytes: number;
  startedMs?: number;
  exitedMs?: number;
  error?: NodeJS.ErrnoException;
}

/** What it says, and when; `onOutput` as `output` of the events. */
function listen(onOutput: () => boolean = () => true): { heard: Heard; on: ProcessEvents } {
  const heard: Heard = { said: [], out: '', bytes: 0 };
  const say = (what: string): void => void heard.said.push(what);
  const on: ProcessEvents = {
    started(pid, atMs) {
      Object.assign(heard, { pid, startedMs: atMs });
      say('started');
    },
    output(stream, chunk) {
      heard.bytes += chunk.length;
      if (heard.bytes < 1000) heard.out += `${stream}: ${chunk.toString()}`;
      return onOutput();
    },
    failed(error) {
      heard.error = error;
      say('failed');
    },
    exited(code, signal, atMs) {
      heard.exitedMs = atMs;
      say(`exited ${signal ?? code}`);
    },
    drained: () => say('drained'),
    orphaned: () => say('orphaned'),
  };
  return { heard, on };
}

const sh = (script: string): ProcessSpec => ({
  file: 'sh',
  args: ['-c', script],
  cwd: folder,
  env: { PATH: process.env['PATH']! },
});
const made = (name: string): boolean => existsSync(join(folder, name));

describe.each([
  ['in the worker', () => localSpawner(systemClock)],
  ['of its own process', remote],
])('a spawner %s', (_, create) => {
  beforeEach(() => {
    spawner = create();
  });

  test('tells of begin, output and end in this order, at the times they had', async () => {
    const { heard, on } = listen();
    const before = systemClock.monotonic();
    spawner.start(sh('echo one; echo two >&2; exit 3'), on);
    await waitFor(() => heard.said.includes('drained'));
    expect(heard.said).toEqual(['started', 'exited 3', 'drained']);
    expect(heard.out).toContain('stdout: one\n');
    expect(heard.out).toContain('stderr: two\n');
    const times = [before, heard.startedMs!, heard.exitedMs!, systemClock.monotonic()];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('starts a group of its own, which a signal reaches as a whole, even the next moment', async () => {
    const { heard, on } = listen();
    const process = spawner.start(sh('sleep 600 & echo $! > child; wait'), on);
    await waitFor(() => made('child'));
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    process.signal('SIGTERM');
    await waitFor(() => heard.said.includes('drained') && !isAlive(child));
    expect(heard.said).toContain('exited SIGTERM');
    const other = listen();
    spawner.start(sh('sleep 600'), other.on).signal('SIGKILL');
    await waitFor(() => other.heard.said.includes('exited SIGKILL'));
  });

  test.each([
    ['no-such-program', 'ENOENT'],
    ['/', 'EACCES'],
  ])('that cannot start %s says why', async (file, code) => {
    const { heard, on } = listen();
    spawner.start({ ...sh(''), file }, on);
    await waitFor(() => heard.said.length > 0);
    expect(heard.said).toEqual(['failed']);
    expect(heard.error).toMatchObject({ code });
  });

  test('loses nothing of what is held up', async () => {
    const held = listen(() => false);
    const process = spawner.start(sh('head -c 3000000 /dev/zero'), held.on);
    await waitFor(() => {
      process.resume();
      return held.heard.said.includes('drained');
    });
    expect(held.heard.bytes).toBe(3_000_000);
  });

  test('begins what is held in the moment that the one before is gone, and tells in that order', async () => {
    const first = listen();
    const second = listen();
    const process = spawner.start(sh('until [ -e go ]; do sleep 0.01; done'), first.on);
    let begunAtExit: boolean | undefined;
    const held = spawner.hold(sh('touch begun'), second.on, process);
    const { exited } = first.on;
    first.on.exited = (...args) => {
      begunAtExit = held.begun();
      expect(second.heard.said).toEqual([]);
      exited(...args);
      held.begin();
    };
    await waitFor(() => first.heard.said.includes('started'));
    expect(held.begun()).toBe(false);
    spawner.start(sh('touch go'), listen().on);
    await waitFor(() => second.heard.said.includes('drained'));
    expect(begunAtExit).toBe(true);
    expect(second.heard.startedMs).toBeGreaterThanOrEqual(first.heard.exitedMs!);
    expect(second.heard.said).toEqual(['started', 'exited 0', 'drained']);
  });

  test('begins what is held when it is told to; what is discarded does not begin', async () => {
    const first = listen();
    const process = spawner.start(sh('exec sleep 600'), first.on);
    const second = listen();
    spawner.hold(sh('touch second'), second.on, process).begin();
    await waitFor(() => second.heard.said.includes('drained'));
    let gone = false;
    const third = listen();
    spawner.hold(sh('touch third'), third.on, process).discard(() => (gone = true));
    process.signal('SIGKILL');
    await waitFor(() => gone && first.heard.said.includes('drained'));
    expect([made('second'), made('third')]).toEqual([true, false]);
    expect(third.heard.said).toEqual([]);
  });

  test('does not take back what has begun', async () => {
    const first = listen();
    const second = listen();
    const held = spawner.hold(sh('exit 7'), second.on, spawner.start(sh('exit 0'), first.on));
    await waitFor(() => first.heard.said.includes('exited 0'));
    if (!held.begun()) held.begin();
    let gone = false;
    held.discard(() => (gone = true));
    await waitFor(() => second.heard.said.includes('drained'));
    expect(gone).toBe(false);
  });
});

describe('when the spawner is killed', () => {
  beforeEach(() => {
    spawner = remote();
  });
  const kill = async (): Promise<void> => {
    await waitFor(() => existsSync(pidFile()) && readFileSync(pidFile(), 'utf8') !== '');
    process.kill(Number(readFileSync(pidFile(), 'utf8')), 'SIGKILL');
  };

  test('its programs are, too, and nobody believes in an end of theirs; the next one gets a new spawner', async () => {
    const { heard, on } = listen();
    spawner.start(sh('exec sleep 600'), on);
    await waitFor(() => heard.pid !== undefined);
    await kill();
    await waitFor(() => heard.said.includes('orphaned') && !isAlive(heard.pid!));
    expect(heard.said).toEqual(['started', 'orphaned']);
    const next = listen();
    spawner.start(sh('exit 0'), next.on);
    await waitFor(() => next.heard.said.includes('drained'));
  });

  test('what it held begins no more', async () => {
    const first = listen();
    const process = spawner.start(sh('exec sleep 600'), first.on);
    const [second, third] = [listen(), listen()];
    const held = [second, third].map(({ on }) => spawner.hold(sh('touch begun'), on, process));
    await kill();
    await waitFor(() => first.heard.said.includes('orphaned'));
    held[0]!.begin();
    let gone = false;
    held[1]!.discard(() => (gone = true));
    await waitFor(() => second.heard.said.includes('orphaned'));
    expect([gone, made('begun')]).toEqual([true, false]);
  });
});
