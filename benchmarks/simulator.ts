// How fast studies are simulated: production code in virtual time. Each cluster is a process of its own; they take turns.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';
import type { Simulated } from './simulator/simulated-cluster.ts';

const runs = 3;

export const bench: Bench = {
  summary: 'simulated trials per second with 100 workers; what an event costs with 10,000',
  async *run(): AsyncIterable<Measured> {
    const rates: number[] = [];
    const ofCpu: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const { trials, wallUs, cpuUs } = await cluster(100, 50_000);
      rates.push((1e6 * trials) / wallUs);
      ofCpu.push((1e6 * trials) / cpuUs);
    }
    const higher = { better: 'higher', runs } as const;
    yield {
      case: 'trials, 100 workers',
      value: median(rates),
      unit: '/s',
      goal: 20_000,
      ...higher,
    };
    yield {
      case: 'trials per CPU second, 100 workers',
      value: median(ofCpu),
      unit: '/s',
      ...higher,
    };
    yield* scaling(100_000);
  },
};

/** As many trials with few workers and with many. */
export async function* scaling(trials: number): AsyncIterable<Measured> {
  const few = await cluster(10, trials);
  const many = await cluster(10_000, trials);
  const common = { better: 'lower', runs: 1 } as const;
  const operations = ({ clockOperations, events }: Simulated): number => clockOperations / events;
  const cpuUs = ({ cpuUs, events }: Simulated): number => cpuUs / events;
  const counted = operations(many) / operations(few);
  const cpu = cpuUs(many) / cpuUs(few);
  const memory = many.rssBytes / 1e9;
  yield {
    case: 'clock operations, 10k / 10 workers',
    value: counted,
    unit: '×',
    goal: 1.3,
    ...common,
  };
  yield { case: 'CPU per event, 10k / 10 workers', value: cpu, unit: '×', goal: 1.5, ...common };
  yield { case: 'CPU per event, 10 workers', value: cpuUs(few), unit: 'µs', ...common };
  yield { case: `memory, 10k workers`, value: memory, unit: 'GB', goal: 2, ...common };
}

async function cluster(workers: number, trials: number): Promise<Simulated> {
  const script = join(import.meta.dirname, './simulator/simulated-cluster.ts');
  const argv = [script, String(workers), String(trials)];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  return JSON.parse(stdout) as Simulated;
}
