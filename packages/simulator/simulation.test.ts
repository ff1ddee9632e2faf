// Goal: every promise of DESIGN §12 under every trouble that the simulator knows. Method: whole studies by seed, and a
// checker per promise; docs/internals/simulator.md has the design.

import { describe, expect, it } from 'vitest';
import { failureLine } from './failure-line.ts';
import { COMMON_MARKS, RARE_MARKS } from './marks.ts';
import { scenario } from './draw-scenario.ts';
import { simulate } from './simulation.ts';

/** Enough for every mark. FLEETUNE_TEST_SEED moves on to others. */
const SEEDS = 240;
const PER_TEST = 40;

const first = Number(process.env['FLEETUNE_TEST_SEED'] ?? 1);
const marks = new Map<string, number>();

describe('the real worker and the real coordinator, under faults, keep every promise', () => {
  for (let from = first; from < first + SEEDS; from += PER_TEST) {
    const to = from + PER_TEST - 1;
    it(`with the seeds ${from} to ${to}`, { timeout: 300_000 }, async () => {
      for (let seed = from; seed <= to; seed++) {
        const story = await simulate(scenario(seed));
        const [breach] = story.breaches;
        if (breach !== undefined) expect.fail(failureLine(seed, breach));
        for (const [mark, times] of story.marks) marks.set(mark, (marks.get(mark) ?? 0) + times);
      }
    });
  }

  it.skipIf(first !== 1)('and take every branch that carries a mark', () => {
    const wanted = [...Object.keys(RARE_MARKS), ...COMMON_MARKS];
    expect(wanted.filter((mark) => !marks.has(mark))).toEqual([]);
  });
});

it('the same seed twice leaves the same trace', { timeout: 300_000 }, async () => {
  for (const seed of [1, 3, 5, 12, 31, 39]) {
    const [one, other] = [await simulate(scenario(seed)), await simulate(scenario(seed))];
    expect(other.trace, `seed ${seed}`).toBe(one.trace);
  }
});
