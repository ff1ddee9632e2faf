// Goal: every promise of DESIGN §12 under every trouble that the simulator knows. Method: whole studies by seed, and a
// checker per promise; docs/internals/simulator.md has the design.

import { describe, expect, it } from 'vitest';
import { failureLine } from './failure-line.ts';
import { STRIKES } from './faults/strikes.ts';
import { COMMON_MARKS, RARE_MARKS } from './marks.ts';
import { scenario } from './draw-scenario.ts';
import { simulate } from './simulation.ts';

/** Enough for every mark and every fault. FLEETUNE_TEST_SEED moves on to others. */
const SEEDS = 280;
const PER_TEST = 40;

const first = Number(process.env['FLEETUNE_TEST_SEED'] ?? 1);
const marks = new Map<string, number>();
const strikes = new Map<string, number>();

describe('the real worker and the real coordinator, under faults, keep every promise', () => {
  for (let from = first; from < first + SEEDS; from += PER_TEST) {
    const to = from + PER_TEST - 1;
    it(`with the seeds ${from} to ${to}`, { timeout: 300_000 }, async () => {
      for (let seed = from; seed <= to; seed++) {
        const story = await simulate(scenario(seed));
        const [breach] = story.breaches;
        if (breach !== undefined) expect.fail(failureLine(seed, breach));
        add(marks, story.marks);
        add(strikes, story.strikes);
      }
    });
  }

  it.skipIf(first !== 1)('and take every branch that carries a mark', () => {
    const wanted = [...Object.keys(RARE_MARKS), ...COMMON_MARKS];
    expect(wanted.filter((mark) => !marks.has(mark))).toEqual([]);
  });

  it.skipIf(first !== 1)('and everything that can go wrong really does', () => {
    expect(STRIKES.filter((strike) => !strikes.has(strike))).toEqual([]);
  });
});

function add(sums: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [name, times] of counts) sums.set(name, (sums.get(name) ?? 0) + times);
}

it(
  'the same seed twice leaves the same trace, message by message',
  { timeout: 300_000 },
  async () => {
    const seeds = Array.from({ length: 40 }, (_, i) => first + i);
    for (const seed of seeds.filter((one) => scenario(one).workers < 20)) {
      const [one, other] = [await simulate(scenario(seed)), await simulate(scenario(seed))];
      expect(other.trace, `seed ${seed}`).toBe(one.trace);
    }
  },
);
