// How long people wait for the first look at a large study, and how much memory that takes: process start → the whole
// answer of `fleetune study show --json`, by the built command. The databases are made once and kept beside other
// temporary files.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, Measured } from './harness/bench.ts';
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
  summary: 'process start → `study show --json` of studies with 200,000 and a million reports',
  async *run(): AsyncIterable<Measured> {
    for (const { name, trials, goalMs, goalMb } of cases) {
      const database = await grownDatabase(trials);
      const shown: Shown[] = [];
      for (let i = 0; i < runs; i += 1) shown.push(await show(database));
      const common = { better: 'lower', runs } as const;
      const of = (figure: keyof Shown) => median(shown.map((it) => it[figure]));
      yield { case: `${name}: shown`, value: of('ms'), unit: 'ms', goal: goalMs, ...common };
      yield { case: `${name}: CPU`, value: of('cpuMs'), unit: 'ms', ...common };
      const goal = goalMb === undefined ? {} : { goal: goalMb };
      yield { case: `${name}: memory`, value: of('memoryMb'), unit: 'MB', ...goal, ...common };
    }
  },
};

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
