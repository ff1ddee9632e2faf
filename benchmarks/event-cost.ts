// What an event costs in a study with 100,000 trials, beside one with 1,000: decide, evolve, rows and the store's
// transaction, as CPU time of the coordinator's process. Each study lives in a process of its own; they take turns.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';
import type { Counted, Timed } from './event-cost-study.ts';
import { grownDatabase } from './grown-database.ts';

const runs = 15;
const few = 1000;
const many = 100_000;

export const bench: Bench = {
  summary:
    'CPU time and counted steps per event, and memory per trial, at 1,000 and 100,000 trials',
  async *run(): AsyncIterable<Measured> {
    const folder = mkdtempSync(join(tmpdir(), 'fleetune-bench-'));
    const [small, large] = [await study(folder, few), await study(folder, many)];
    try {
      yield* measure(small, large);
    } finally {
      small.kill();
      large.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function* measure(small: ChildProcess, large: ChildProcess): AsyncIterable<Measured> {
  // Before the turns, which make the small one grow.
  const heap = (await asked(large, 'heap')) as number;
  const cpu = { small: [] as number[], large: [] as number[], ratio: [] as number[] };
  // The first turns compile.
  for (let turn = -2; turn < runs; turn += 1) {
    const at1k = ((await asked(small, 'time')) as Timed).usPerEvent;
    const at100k = ((await asked(large, 'time')) as Timed).usPerEvent;
    if (turn < 0) continue;
    cpu.small.push(at1k);
    cpu.large.push(at100k);
    cpu.ratio.push(at100k / at1k);
  }
  const common = { better: 'lower', runs } as const;
  const [at1k, at100k] = [median(cpu.small), median(cpu.large)];
  yield {
    case: 'CPU, 100k / 1k trials',
    value: median(cpu.ratio),
    unit: '×',
    goal: 1.3,
    ...common,
  };
  yield { case: 'CPU at 1k trials', value: at1k, unit: 'µs', ...common };
  yield { case: 'CPU at 100k trials', value: at100k, unit: 'µs', ...common };
  for (const [name, child] of [
    ['1k', small],
    ['100k', large],
  ] as const) {
    const counted = (await asked(child, 'count')) as Counted;
    for (const [what, perEvent] of Object.entries(counted)) {
      const once = { better: 'lower', runs: 1 } as const;
      yield { case: `${what} at ${name} trials`, value: perEvent, unit: '/event', ...once };
    }
  }
  yield { case: 'heap per trial', value: heap, unit: 'B', goal: 2000, better: 'lower', runs: 1 };
}

async function study(folder: string, trials: number): Promise<ChildProcess> {
  const database = join(folder, `${trials}.db`);
  copyFileSync(await grownDatabase(trials), database);
  const script = join(import.meta.dirname, 'event-cost-study.ts');
  const child = fork(script, [database], { execArgv: ['--expose-gc'] });
  await once(child, 'message');
  return child;
}

async function asked(child: ChildProcess, what: 'time' | 'count' | 'heap'): Promise<unknown> {
  child.send(what);
  const [answer] = (await once(child, 'message')) as [unknown];
  return answer;
}
