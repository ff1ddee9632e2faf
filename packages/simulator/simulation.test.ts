import { describe, expect, it } from 'vitest';
import { scenario } from './scenario.ts';
import { simulate } from './simulation.ts';

const SEEDS = 300;
const PER_TEST = 50;

describe('the real worker and the real coordinator, under faults, keep every promise', () => {
  for (let first = 1; first <= SEEDS; first += PER_TEST) {
    it(`with the seeds ${first} to ${first + PER_TEST - 1}`, async () => {
      for (let seed = first; seed < first + PER_TEST; seed++) {
        expect(await simulate(scenario(seed)), `seed ${seed}`).toEqual([]);
      }
    });
  }
});
