// How much of the slots' time is work: busy / allocated without the idle tail, from the study's own ledger.

import type { Bench, Measured } from './harness/bench.ts';
import { runSleepingStudy } from './sleeping-study.ts';

export const bench: Bench = {
  summary: '2 slots, /bin/sleep 0.3 s × 200: busy / allocated without the tail',
  async *run(): AsyncIterable<Measured> {
    const { utilization } = await runSleepingStudy({ trials: 200, slots: 2, seconds: 0.3 });
    const common = { unit: '%', better: 'higher', runs: 1 } as const;
    const share = 100 * utilization!.shareWithoutTail;
    yield { case: 'without the tail', value: share, goal: 97, ...common };
    yield { case: 'of everything', value: 100 * utilization!.share, ...common };
  },
};
