// How long people wait: for --help, for the wrapper of a checkout, and for the first trial of a study.

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';

const root = join(import.meta.dirname, '..');
const command = [process.execPath, join(root, 'packages/fleetune/bin/fleetune.js')];
const wrapper = [join(root, 'fleetune')];
const runs = 15;

export const bench: Bench = {
  summary: 'process start → first spawn of a trial; --help; what ./fleetune adds',
  async *run(): AsyncIterable<Measured> {
    const folder = await mkdtemp(join(tmpdir(), 'fleetune-bench-'));
    try {
      yield* measure(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function* measure(folder: string): AsyncIterable<Measured> {
  const help: number[] = [];
  const added: number[] = [];
  const first: number[] = [];
  for (let i = -2; i < runs; i += 1) {
    const figures = {
      help: await duration([...command, '--help'], folder),
      direct: await duration([...command, '--version'], folder),
      wrapped: await duration([...wrapper, '--version'], folder),
      first: await firstSpawn(folder),
    };
    // The first two fill the caches: of the disk, and of compiled code.
    if (i < 0) continue;
    help.push(figures.help);
    added.push(figures.wrapped - figures.direct);
    first.push(figures.first);
  }
  const common = { unit: 'ms', better: 'lower', runs } as const;
  yield { case: 'first spawn', value: median(first), goal: 500, ...common };
  yield { case: '--help', value: median(help), goal: 150, ...common };
  yield { case: 'wrapper adds', value: median(added), goal: 20, ...common };
}

async function duration(argv: string[], folder: string): Promise<number> {
  const start = performance.now();
  await run(argv, folder);
  return performance.now() - start;
}

/** The trial writes down when it began, so that the figure includes the start of its own shell. */
async function firstSpawn(folder: string): Promise<number> {
  const stamp = join(folder, 'stamp');
  const study = join(folder, 'study.yaml');
  await rm(stamp, { force: true });
  for (const end of ['', '-wal', '-shm'])
    await rm(join(folder, `fleetune.db${end}`), { force: true });
  await writeFile(
    study,
    `name: first-trial
objective: { metric: value, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
sampler: random
budget: { trials: 1 }
command: [/bin/sh, -c, 'date +%s%N >> "$0"; exec /bin/true', '${stamp}']
`,
  );
  const start = Date.now();
  await run([...command, 'run', study, '--slots', '1'], folder);
  const [began = ''] = (await readFile(stamp, 'utf8')).split('\n');
  return Number(BigInt(began) / 1000n) / 1000 - start;
}

function run([program = '', ...args]: string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}
