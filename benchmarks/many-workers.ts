// How fast a coordinator with many connected workers answers a result, and what it costs.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Bench, Measured } from './harness/bench.ts';
import { quantile } from './harness/quantile.ts';
import { cpuMsOf } from './harness/running-process.ts';
import { median } from './harness/median.ts';
import {
  startBareServer,
  startCoordinator,
  type RunningCoordinator,
} from './coordinator/start-coordinator.ts';

const workers = 1000;
const rate = 100;
const seconds = 10;
const runs = 3;

export const bench: Bench = {
  summary: '1,000 connected workers, 100 results/s, durable: time to the answer; CPU',
  async *run(): AsyncIterable<Measured> {
    const own: Figures[] = [];
    const bare: Figures[] = [];
    for (let run = 0; run < runs; run += 1) {
      own.push(await measure(startCoordinator));
      bare.push(await measure(startBareServer));
    }
    const of = (figure: keyof Figures) => ({
      value: median(own.map((figures) => figures[figure])),
      floor: median(bare.map((figures) => figures[figure])),
      runs,
    });
    yield { case: 'answer, p99', ...of('p99Ms'), unit: 'ms', better: 'lower', goal: 20 };
    yield { case: 'answer, p50', ...of('p50Ms'), unit: 'ms', better: 'lower' };
    yield { case: 'CPU of the coordinator', ...of('cpuPercent'), unit: '%', better: 'lower' };
    yield { case: 'results', ...of('perSecond'), unit: '/s', better: 'higher' };
  },
};

interface Figures {
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
  cpuPercent: number;
}

async function measure(start: () => Promise<RunningCoordinator>): Promise<Figures> {
  const server = await start();
  try {
    const { answerMs, cpuShare } = await load(server);
    return {
      p50Ms: quantile(answerMs, 0.5),
      p99Ms: quantile(answerMs, 0.99),
      perSecond: answerMs.length / seconds,
      cpuPercent: 100 * cpuShare,
    };
  } finally {
    await server.stop();
  }
}

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
