// Slots whose trials report often and are mostly stopped early: what the reports, the decisions and the refills cost.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Utilization } from '@fleetune/core';
import { bareRefills } from './asha/bare-refills.ts';
import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';
import { quantile } from './harness/quantile.ts';

const runs = 3;
const slots = 32;
const trials = 2000;

export const bench: Bench = {
  summary:
    'a report every 50 ms under ASHA, in process, 32 slots: busy / allocated; stop → refilled',
  async *run(): AsyncIterable<Measured> {
    const shares: number[] = [];
    const p50: number[] = [];
    const p99: number[] = [];
    const rates: number[] = [];
    const startUps: number[] = [];
    const bare: number[][] = [];
    for (let run = 0; run < runs; run += 1) {
      bare.push(await bareRefills(slots, 60));
      const { utilization, reports, refillsMs } = await study();
      const { allocatedUs, busyUs, lossesUs } = utilization;
      shares.push((100 * busyUs) / (allocatedUs - lossesUs.tail - lossesUs.startUp));
      startUps.push(lossesUs.startUp / slots / 1000);
      p50.push(quantile(refillsMs, 0.5));
      p99.push(quantile(refillsMs, 0.99));
      rates.push((slots * reports) / ((allocatedUs - lossesUs.startUp) / 1e6));
    }
    const lower = { unit: 'ms', better: 'lower', runs } as const;
    const share = { value: median(shares), goal: 98, unit: '%', better: 'higher', runs } as const;
    yield { case: 'busy, without start-up and tail', ...share };
    const floor = (q: number): number => median(bare.map((tookMs) => quantile(tookMs, q)));
    const slowest = { value: median(p99), goal: 20, floor: floor(0.99) };
    yield { case: 'stop → slot refilled, p99', ...slowest, ...lower };
    const usual = { value: median(p50), floor: floor(0.5) };
    yield { case: 'stop → slot refilled, p50', ...usual, ...lower };
    yield { case: 'start-up', value: median(startUps), ...lower };
    yield { case: 'reports', value: median(rates), unit: '/s', better: 'higher', runs };
  },
};

interface Study {
  utilization: Utilization;
  reports: number;
  refillsMs: number[];
}

async function study(): Promise<Study> {
  const folder = await mkdtemp(join(import.meta.dirname, '../.tools/bench-'));
  try {
    const program = join(import.meta.dirname, './asha/reporting-study.ts');
    const argv = [program, String(slots), String(trials)];
    const options = { cwd: folder, maxBuffer: 2 ** 24 };
    const { stdout } = await promisify(execFile)(process.execPath, argv, options);
    return JSON.parse(stdout) as Study;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
