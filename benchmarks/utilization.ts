// How much of the slots' time is work: busy / allocated without the idle tail, from the study's own ledger.

import type { Bench, Measured } from './harness/bench.ts';
import { runCommandStudy } from './cluster/command-study.ts';

export const bench: Bench = {
  summary: '2 slots, /bin/sleep 0.3 s × 200: busy / allocated without the tail',
  async *run(): AsyncIterable<Measured> {
    const sleeps = new Array<number>(200).fill(0.3);
    const { utilization } = (await runCommandStudy({ slots: 2, sleeps })).status;
    const common = { unit: '%', better: 'higher', runs: 1 } as const;
    const share = 100 * utilization!.shareWithoutTail;
    yield { case: 'without the tail', value: share, goal: 97, ...common };
    yield { case: 'of everything', value: 100 * utilization!.share, ...common };
  },
};
