import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedDatabase, recordedFile } from '../testing/recorded-study.ts';
import { runCommand, type Ran } from '../testing/run-command.ts';

let cwd: string;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'fleetune simulate '));
  await recordedDatabase(join(cwd, 'fleetune.db'), cwd);
  await recordedDatabase(join(cwd, 'early.db'), cwd, 5);
  await changedDatabase('newer.db', 'user_version = 99');
  await changedDatabase('foreign.db', 'application_id = 7');
  const { fidelity: _, budget: __, ...plain } = recordedFile;
  const files = {
    study: recordedFile,
    plain: { ...plain, name: 'plain', budget: { trials: 30 } },
    timed: { ...plain, name: 'timed', budget: { time: '10m' } },
  };
  for (const [name, file] of Object.entries(files)) {
    writeFileSync(join(cwd, `${name}.json`), JSON.stringify(file));
  }
});
afterAll(() => rmSync(cwd, { recursive: true }));

async function changedDatabase(name: string, pragma: string): Promise<void> {
  const path = join(cwd, name);
  await recordedDatabase(path, cwd);
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA ${pragma}`);
  database.close();
}

const run = (...argv: string[]): Promise<Ran> => runCommand(['simulate', ...argv], { cwd });

interface Json {
  durations: string;
  clusters: {
    workers: number;
    slots: number;
    finishMs: number;
    finishRangeMs: number[];
    trials: Record<string, number>;
    rungs: { reached: number }[];
    utilization: { share: number; allocatedUs: number; busyUs: number; lossesUs: object };
    slotHours: number;
    cost: number;
  }[];
}

async function json(...argv: string[]): Promise<Json> {
  const { exitCode, out, err } = await run(...argv, '--json');
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  return JSON.parse(out) as Json;
}

test('equal trials: the finish can be worked out by hand for each size of the cluster', async () => {
  const argv = ['plain.json', '--workers', '8', '--durations', 'lognormal:10m,0', '--price', '2'];
  const { clusters } = await json(...argv);
  expect(clusters.map(({ workers }) => workers)).toEqual([2, 4, 8, 16, 32]);
  for (const { workers, finishMs, trials, utilization, slotHours, cost } of clusters) {
    const rounds = Math.ceil(30 / workers);
    // Start-up of half a second, and 2 ms to change trials.
    expect(finishMs).toBeCloseTo(500 + rounds * (600_000 + 2), 3);
    expect(trials.completed).toBe(30);
    const { allocatedUs, busyUs, lossesUs } = utilization;
    const lost = Object.values(lossesUs).reduce((sum: number, us: number) => sum + us, 0);
    expect(busyUs + lost).toBe(allocatedUs);
    expect(cost).toBeCloseTo(2 * slotHours);
  }
});

test('a study that has run is measured: by its name or its file, and neither is written to', async () => {
  const before = readFileSync(join(cwd, 'fleetune.db'));
  const byName = await json('recorded', '--workers', '4', '--slots', '2');
  const byFile = await json('study.json', '--workers', '4', '--slots', '2');
  expect(byFile).toEqual(byName);
  expect(byName.durations).toMatch(/^the times and curves of \d+ attempts in its log$/);
  const asked = byName.clusters.find(({ workers }) => workers === 4)!;
  expect(asked.slots).toBe(8);
  expect(asked.rungs[0]!.reached).toBe(9);
  expect(readFileSync(join(cwd, 'fleetune.db')).equals(before)).toBe(true);
  expect(readdirSync(cwd).filter((file) => file.includes('.fleetune'))).toEqual([]);
});

test('the text has everything that was asked for, in 80 columns and without colour', async () => {
  const argv = [
    'study.json',
    '--workers',
    '2',
    '--durations',
    'lognormal:1m,0.3',
    '--price',
    '2/h',
  ];
  const { exitCode, out, err } = await runCommand(
    ['simulate', ...argv, '--trials', '40', '--failures', '20%/h'],
    { cwd, terminal: [80, 24], env: { NO_COLOR: '1' } },
  );
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(out).toContain('recorded   40 trials on 2 workers, of which 20 % die an hour');
  for (const label of ['Finish', 'Cost', 'Trials', 'Busy slots', 'Utilization', 'Rungs', 'Workers'])
    expect(out).toMatch(new RegExp(`^${label} `, 'm'));
  expect(out).toMatch(/^Twice the workers: done .* sooner .* cost$/m);
  expect(out).not.toContain('\u001b[');
});

test.each([
  ['99%/m', '99 % die a minute'],
  ['0.5 %/d', '0.5 % die a day'],
])('failures are told as they were given: %s', async (failures, words) => {
  const argv = ['plain.json', '--workers', '2', '--durations', 'lognormal:1s,0'];
  const { exitCode, out } = await run(...argv, '--failures', failures);
  expect(exitCode).toBe(0);
  expect(out).toContain(`on 2 workers, of which ${words}\n`);
});

test('the same seed gives the same words, another seed other ones', async () => {
  const argv = ['plain.json', '--workers', '1', '--durations', 'lognormal:1m,1', '--seed'];
  const one = await run(...argv, '5');
  expect(await run(...argv, '5')).toEqual(one);
  expect((await run(...argv, '6')).out).not.toBe(one.out);
});

test('a time budget ends it: more workers bring more trials', async () => {
  const argv = ['timed.json', '--workers', '4'];
  const { exitCode, out } = await run(...argv, '--durations', 'lognormal:1m,0');
  expect(exitCode).toBe(0);
  expect(out).toContain('the time of its budget is over then');
  expect(out).toMatch(/^Twice the workers: \d+ more trials, for/m);
});

describe('bad input gets one clear error that names the remedy, and exit code 2', () => {
  const lognormal = ['--durations', 'lognormal:1m,1'];
  const early = ['--workers', '4', '--db', 'early.db', '--durations', 'measured'];
  const cases: [name: string, argv: string[], code: string][] = [
    ['no workers said', ['plain.json', ...lognormal], 'cli.usage'],
    ['zero workers', ['plain.json', '--workers', '0', ...lognormal], 'input.value'],
    ['zero slots', ['plain.json', '--workers', '1', '--slots', '0'], 'input.value'],
    [
      'an impossible cluster',
      ['plain.json', '--workers', '5000', '--slots', '99'],
      'simulate.cluster',
    ],
    ['no log', ['plain.json', '--workers', '4'], 'simulate.no-durations'],
    ['a log in which nothing has ended', ['recorded', ...early], 'simulate.no-durations'],
    ['the same by its file', ['study.json', ...early], 'simulate.no-durations'],
    ['an unknown study', ['other', '--workers', '4', ...lognormal], 'study.not-found'],
    [
      'no distribution',
      ['plain.json', '--workers', '1', '--durations', 'normal:1,2'],
      'input.value',
    ],
    ['no rate', ['plain.json', '--workers', '1', '--failures', '1/h'], 'input.value'],
    ['all die', ['plain.json', '--workers', '1', '--failures', '100%/h'], 'input.value'],
    ['no price', ['plain.json', '--workers', '1', '--price', 'cheap'], 'input.value'],
  ];
  test.each(cases)('%s', async (_, argv, code) => {
    const { exitCode, out, err } = await run(...argv);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toContain(`[${code}]`);
    expect(err.trim().split('\n')).toHaveLength(3);
  });
});

describe('a log that is not ours to read is one clear error, and exit code 3', () => {
  test.each([
    ['newer.db', 'store.newer-version'],
    ['foreign.db', 'store.foreign'],
  ])('%s', async (database, code) => {
    for (const study of ['recorded', 'study.json']) {
      const { exitCode, out, err } = await run(study, '--workers', '4', '--db', database);
      expect({ exitCode, out }).toEqual({ exitCode: 3, out: '' });
      expect(err).toContain(`[${code}]`);
    }
  });
});
