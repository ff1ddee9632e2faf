// How long people wait for the first look at a large study, and how much memory that takes: process start → the whole
// answer of `fleetune study show --json`, by the built command that reads the database itself; and the start of a
// coordinator → its first answer to what `study show --on URL` asks. The databases are made once and kept beside other
// temporary files.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { serveProcess } from './coordinator/serve-process.ts';
import type { Bench, Measured } from './harness/bench.ts';
import { cpuMsOf, peakMbOf } from './harness/running-process.ts';
import { median } from './harness/median.ts';
import type { Metered } from './harness/process-meter.ts';
import { grownDatabase } from './grown-database.ts';

const command = join(import.meta.dirname, '../packages/fleetune/bin/fleetune.js');
const meter = pathToFileURL(join(import.meta.dirname, 'harness/process-meter.ts')).href;
const runs = 7;

const cases = [
  { name: '10k trials × 20 reports', trials: 10_000, goalMs: 300 },
  { name: '50k trials, 1M reports', trials: 50_000, goalMs: 3000, goalMb: 500 },
];

export const bench: Bench = {
  summary:
    'process or coordinator start → first look at studies with 200,000 and a million reports',
  async *run(): AsyncIterable<Measured> {
    for (const { name, trials, goalMs, goalMb } of cases) {
      const database = await grownDatabase(trials);
      const looks: Looks = { 'study show': [], coordinator: [] };
      for (let i = 0; i < runs; i += 1) {
        looks['study show'].push(await show(database));
        looks.coordinator.push(await askCoordinator(database));
      }
      for (const [who, shown] of Object.entries(looks)) {
        const of = (figure: keyof Shown) => median(shown.map((it) => it[figure]));
        const common = { better: 'lower', runs } as const;
        const at = `${name}, ${who}`;
        yield { case: `${at}: shown`, value: of('ms'), unit: 'ms', goal: goalMs, ...common };
        yield { case: `${at}: CPU`, value: of('cpuMs'), unit: 'ms', ...common };
        const goal = goalMb === undefined ? {} : { goal: goalMb };
        yield { case: `${at}: memory`, value: of('memoryMb'), unit: 'MB', ...goal, ...common };
      }
    }
  },
};

type Looks = Record<'study show' | 'coordinator', Shown[]>;

interface Shown extends Metered {
  ms: number;
}

async function show(database: string): Promise<Shown> {
  const folder = await mkdtemp(join(tmpdir(), 'fleetune-bench-'));
  const file = join(folder, 'metered');
  const argv = [command, 'study', 'show', 'grown', '--json', '--db', database];
  const start = performance.now();
  await promisify(execFile)(process.execPath, argv, { maxBuffer: 2 ** 28 });
  const ms = performance.now() - start;
  // Once more, so that the meter's own start is not in the time.
  const env = { ...process.env, NODE_OPTIONS: `--import=${meter}`, FLEETUNE_BENCH_METER: file };
  await promisify(execFile)(process.execPath, argv, { env, maxBuffer: 2 ** 28 });
  const metered = JSON.parse(await readFile(file, 'utf8')) as Metered;
  await rm(folder, { recursive: true });
  return { ms, ...metered };
}

/** On a copy, since it goes on with the study. */
async function askCoordinator(database: string): Promise<Shown> {
  const folder = await mkdtemp(join(tmpdir(), 'fleetune-bench-'));
  const copy = join(folder, 'fleetune.db');
  await copyFile(database, copy);
  // Else the coordinator's first commit waits for the copy as well.
  const written = await open(copy, 'r+');
  await written.sync();
  await written.close();
  const start = performance.now();
  const { child, url, token } = await serveProcess(folder);
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/api/v1/studies/grown`, { headers });
  const { trials } = (await response.json()) as { trials?: object };
  const ms = performance.now() - start;
  if (trials === undefined) throw new Error(`the coordinator answered ${response.status}`);
  const pid = child.pid!;
  const metered = { cpuMs: cpuMsOf(pid), memoryMb: peakMbOf(pid) };
  child.kill('SIGKILL');
  await once(child, 'exit');
  await rm(folder, { recursive: true });
  return { ms, ...metered };
}
