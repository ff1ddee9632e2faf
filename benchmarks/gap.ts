// How long a slot is idle between two trials: the exit event of one process → the spawn() call of the next.

import type { Bench, Measured } from './harness/bench.ts';
import { bareGaps } from './cluster/bare.ts';
import { runCommandStudy } from './cluster/command-study.ts';
import { heavyTailedSleeps } from './cluster/sleeps.ts';
import { median } from './harness/median.ts';
import { quantile } from './harness/quantile.ts';

const runs = 3;

interface Case {
  slots: number;
  sleeps: number[];
  goals: { p50: number; p99?: number };
}

const cases: Case[] = [
  { slots: 2, sleeps: new Array<number>(300).fill(0.05), goals: { p50: 5 } },
  // As many as the utilization is measured with: of fewer, the first and the last gaps, which wait for a request, are p99.
  { slots: 32, sleeps: heavyTailedSleeps(1500), goals: { p50: 2, p99: 10 } },
];

export const bench: Bench = {
  summary: 'exit of a trial → spawn of the next on its slot, local worker over HTTP, durable',
  async *run(): AsyncIterable<Measured> {
    const gaps = cases.map(() => ({ p50: [] as number[], p99: [] as number[] }));
    const floors = cases.map(() => [] as number[]);
    for (let run = 0; run < runs; run += 1) {
      for (const [index, study] of cases.entries()) {
        floors[index]!.push(quantile(await bareGaps(study), 0.99));
        const { utilization } = (await runCommandStudy(study)).status;
        gaps[index]!.p50.push(utilization!.gapMs!.p50);
        gaps[index]!.p99.push(utilization!.gapMs!.p99);
      }
    }
    for (const [index, { slots, goals }] of cases.entries()) {
      for (const [name, values] of Object.entries(gaps[index]!)) {
        const goal = goals[name as keyof typeof goals];
        const figure = { value: median(values), unit: 'ms', better: 'lower', runs } as const;
        // Of the tail only: most trials begin without a request, behind another one.
        const floor = name === 'p99' && { floor: median(floors[index]!) };
        const measured = { ...figure, ...(goal !== undefined && { goal }), ...floor };
        yield { case: `${slots} slots, ${name}`, ...measured };
      }
    }
  },
};
