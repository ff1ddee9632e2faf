// How fast a coordinator with many connected workers answers a result, and what it costs.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Bench, Measured } from './harness/bench.ts';
import { quantile } from './harness/quantile.ts';
import { startCoordinator, type RunningCoordinator } from './coordinator/start-coordinator.ts';

const workers = 1000;
const rate = 100;
const seconds = 20;

export const bench: Bench = {
  summary: '1,000 connected workers, 100 results/s, durable: time to the answer; CPU',
  async *run(): AsyncIterable<Measured> {
    const coordinator = await startCoordinator();
    try {
      const { answerMs, cpuShare } = await load(coordinator);
      const common = { better: 'lower', runs: 1 } as const;
      yield {
        case: 'answer, p99',
        value: quantile(answerMs, 0.99),
        unit: 'ms',
        goal: 20,
        ...common,
      };
      yield { case: 'answer, p50', value: quantile(answerMs, 0.5), unit: 'ms', ...common };
      yield { case: 'CPU of the coordinator', value: 100 * cpuShare, unit: '%', ...common };
      const results = answerMs.length / seconds;
      yield { case: 'results', value: results, unit: '/s', ...common, better: 'higher' };
    } finally {
      await coordinator.stop();
    }
  },
};

async function load({ url, token, pid }: RunningCoordinator) {
  const program = join(import.meta.dirname, './coordinator/many-workers-clients.ts');
  const argv = [program, String(workers), String(rate), String(seconds)];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ url, token }));
  let begun = { atMs: 0, cpuMs: 0 };
  for await (const line of createInterface({ input: child.stdout })) {
    const now = { atMs: performance.now(), cpuMs: cpuMsOf(pid) };
    if (line === 'ready') {
      begun = now;
      continue;
    }
    const { answerMs } = JSON.parse(line) as { answerMs: number[] };
    return { answerMs, cpuShare: (now.cpuMs - begun.cpuMs) / (now.atMs - begun.atMs) };
  }
  throw new Error('the workers ended early');
}

/** In user and kernel mode, from /proc/PID/stat, which counts hundredths of a second. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in parentheses, may have spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}
