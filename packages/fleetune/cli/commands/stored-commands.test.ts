import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Parameter } from '@fleetune/core';
import { recordedDatabase, recordedFile, type Recording } from '../testing/recorded-study.ts';
import { runCommand, type Ran } from '../testing/run-command.ts';
import { parseParams } from './trial-enqueue.ts';

let cwd: string;
let recording: Recording;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'fleetune-stored-'));
  recording = await recordedDatabase(join(cwd, 'fleetune.db'), cwd);
  writeFileSync(join(cwd, 'study.json'), JSON.stringify(recordedFile));
});
afterAll(() => rmSync(cwd, { recursive: true }));

const run = (...argv: string[]): Promise<Ran> => runCommand(argv, { cwd });
async function json(...argv: string[]): Promise<unknown> {
  const { exitCode, out, err } = await run(...argv, '--json');
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  return JSON.parse(out);
}

test('STUDY is a path when there is such a file, else a name', async () => {
  const byPath = await run('study', 'show', 'study.json');
  const byName = await run('study', 'show', 'recorded');
  expect(byPath).toEqual(byName);
  expect(byPath.out).toContain('0.39103 loss · epoch 9 · trial 7');
});

test('a name that the database lacks, and a database that is not there', async () => {
  const unknown = await run('study', 'show', 'other');
  expect(unknown.exitCode).toBe(2);
  expect(unknown.err).toContain('fleetune.db: there is no study "other"');
  const missing = await run('study', 'show', 'recorded', '--db', 'nowhere.db');
  expect(missing.exitCode).toBe(3);
  expect(missing.err).toContain('there is no database here');
});

test('a study whose process was killed is shown as interrupted, and its clock stands still at the last sign of life', async () => {
  const { state } = await recordedDatabase(join(cwd, 'killed.db'), cwd, 20);
  const shown = await run('study', 'show', 'recorded', '--db', 'killed.db');
  expect(shown.out).toContain('Interrupted: the process that ran it is gone.');
  const status = await json('study', 'show', 'recorded', '--db', 'killed.db');
  const elapsedMs = state.run!.aliveAt - state.run!.startedAt;
  expect(status).toMatchObject({ interrupted: true, elapsedMs });
});

test('study list has a line per study', async () => {
  expect((await run('study', 'list')).out).toMatch(/\nrecorded +ended +9 +loss +0\.39103 +7 /);
  expect(await json('study', 'list')).toMatchObject([{ name: 'recorded', state: 'ended' }]);
});

test("utilization splits the slots' time exactly and says what would raise it", async () => {
  const ledgers = (await json('utilization', 'recorded')) as {
    utilization: { allocatedUs: number; busyUs: number; lossesUs: Record<string, number> };
    advice: { category: string; share: number; text: string }[];
  }[];
  const { allocatedUs, busyUs, lossesUs } = ledgers[0]!.utilization;
  expect(busyUs + Object.values(lossesUs).reduce((sum, us) => sum + us, 0)).toBe(allocatedUs);
  const [largest] = Object.entries(lossesUs).sort(([, a], [, b]) => b - a);
  expect(ledgers[0]!.advice[0]).toMatchObject({ category: largest![0] });
  expect(await json('utilization', '--study', 'recorded')).toEqual(ledgers);
  const { out } = await run('utilization');
  expect(out).toMatch(/^recorded +1 slot, .* of slot time\n +[\d.]+ % .* busy\n/);
  expect(out).toContain('What would raise it:');
});

test('trial list selects by state, and the best by value at the highest fidelity', async () => {
  const failed = (await json('trial', 'list', 'recorded', '--state', 'failed')) as object[];
  expect(failed).toMatchObject([{ number: 3, state: 'failed' }]);
  const best = (await json('trial', 'list', 'recorded', '--best', '2')) as object[];
  expect(best).toMatchObject([{ number: 7, step: 9 }, { step: 9 }]);
  expect((await run('trial', 'list', 'recorded')).out.trimEnd().split('\n')).toHaveLength(10);
});

test('trial show tells what happened to it, in order', async () => {
  const { out } = await run('trial', 'show', 'recorded', '3');
  expect(out).toContain('trial 3: failed');
  expect(out).toContain('  ValueError: "x", is out of reach');
  expect(out).toMatch(/attempt 1 started[^]*attempt 1 crashed[^]*back in the queue[^]*attempt 3/);
  expect(out).toMatch(/command +python3 train\.py --x \S+ --kind /);
  const history = out.slice(out.indexOf('history:')).trimEnd().split('\n').slice(1);
  for (const line of history) expect(line).toMatch(/^ +\d+ +\+\d+:\d\d {2}\S.* {2}\[[\w.-]+\]$/);
  const missing = await run('trial', 'show', 'recorded', '99');
  expect(missing.exitCode).toBe(2);
  expect(missing.err).toContain('there is no trial 99');
});

test('trial logs of an attempt that left none says so', async () => {
  const { exitCode, err } = await run('trial', 'logs', 'recorded', '3');
  expect(exitCode).toBe(2);
  expect(err).toContain('attempt 3 of trial 3 left no output here');
});

describe('study export', () => {
  test('as CSV has a row per trial, quoted where needed', async () => {
    const { out } = await run('study', 'export', 'study.json');
    const lines = out.trimEnd().split('\r\n');
    expect(lines[0]).toBe(
      'trial,state,value,step,params.x,params.kind,metrics.loss,attempts,sampler,created,started,ended,reason',
    );
    expect(lines).toHaveLength(10);
    expect(out).toContain('"with, comma"');
  });

  test('as JSON has every row, and goes to a file', async () => {
    const { exitCode, out } = await run(
      'study',
      'export',
      'recorded',
      '--format',
      'json',
      '--output',
      'out.json',
    );
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: '' });
    const written = JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8')) as {
      trials: unknown[];
    };
    expect(written.trials).toHaveLength(9);
    const refused = await run('study', 'export', 'recorded', '--output', 'no/folder.csv');
    expect(refused.exitCode).toBe(3);
  });
});

describe('replay', () => {
  test('says that the log gives the stored view', async () => {
    const { exitCode, out } = await run('replay', 'recorded');
    expect(exitCode).toBe(0);
    expect(out).toContain(`${recording.events.length} events folded: equal to the stored view`);
  });

  test('shows the state as it was at an event', async () => {
    const { status } = (await json('replay', 'recorded', '--until', '6')) as {
      status: { lastEvent: number; state: string };
    };
    expect(status).toMatchObject({ lastEvent: 6, state: 'running' });
  });

  test('refuses an event that is not there', async () => {
    const past = recording.events.length + 1;
    const { exitCode, err } = await run('replay', 'recorded', '--until', String(past));
    expect(exitCode).toBe(2);
    expect(err).toContain(`--until: must be at most ${past - 1}, the last event`);
  });

  test('finds a row that was changed behind its back', async () => {
    const database = join(cwd, 'changed.db');
    await recordedDatabase(database, cwd);
    const connection = new DatabaseSync(database);
    const { changes } = connection
      .prepare('UPDATE trial SET state = ? WHERE number = 7')
      .run('failed');
    connection.close();
    expect(Number(changes)).toBe(1);
    const { exitCode, out } = await run('replay', 'recorded', '--db', 'changed.db');
    expect(exitCode).toBe(1);
    expect(out).toContain('the stored view differs\n  trial 7\n');
  });
});

test('study delete asks for --yes, and removes the study with it', async () => {
  const database = join(cwd, 'other.db');
  await recordedDatabase(database, cwd);
  const refused = await run('study', 'delete', 'recorded', '--db', 'other.db');
  expect(refused.exitCode).toBe(2);
  expect(refused.err).toContain('--yes');
  const deleted = await run('study', 'delete', 'recorded', '--db', 'other.db', '--yes');
  expect(deleted).toMatchObject({ exitCode: 0, out: 'recorded is deleted\n' });
  expect(await json('study', 'list', '--db', 'other.db')).toEqual([]);
});

test('params of an enqueued trial are read as the space says', () => {
  const space: Parameter[] = [
    { name: 'x', type: 'float', low: 0, high: 1, log: false },
    { name: 'n', type: 'categorical', choices: [1, '2', true, null] },
    { name: 'b', type: 'boolean' },
    { name: 'c', type: 'constant', value: 3 },
  ];
  const read = (...words: string[]): object => parseParams(words, space);
  expect(read('x=1e-3', 'n=2', 'b=true', 'c=3')).toEqual({ x: 1e-3, n: '2', b: true, c: 3 });
  expect(read('n=1')).toEqual({ n: 1 });
  expect(read('n=null')).toEqual({ n: null });
  // What does not fit stays text: the space says what it takes there.
  expect(read('x=high', 'x2=a=b')).toEqual({ x: 'high', x2: 'a=b' });
  expect(() => read('x=1', 'x=2')).toThrow('"x" is there twice');
  expect(() => read('x')).toThrow('NAME=VALUE');
});
