// How long a slot is idle between two trials: the exit event of one process → the spawn() call of the next.

import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';
import { runSleepingStudy } from './sleeping-study.ts';

const runs = 3;
const trials = 300;

export const bench: Bench = {
  summary: 'exit of a trial → spawn of the next on its slot, local worker over HTTP, durable',
  async *run(): AsyncIterable<Measured> {
    const p50: number[] = [];
    const p99: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const { utilization } = await runSleepingStudy({ trials, slots: 2, seconds: 0.05 });
      p50.push(utilization!.gapMs!.p50);
      p99.push(utilization!.gapMs!.p99);
    }
    const common = { unit: 'ms', better: 'lower', runs } as const;
    yield { case: 'p50', value: median(p50), goal: 5, ...common };
    yield { case: 'p99', value: median(p99), ...common };
  },
};
