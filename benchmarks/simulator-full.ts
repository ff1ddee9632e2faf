// The benchmark `simulator` with a million trials: what 10,000 workers cost, and the memory of it.

import type { Bench } from './harness/bench.ts';
import { scaling } from './simulator.ts';

export const bench: Bench = {
  summary: 'a million simulated trials with 10 and with 10,000 workers: cost per event, memory',
  minutes: 10,
  run: () => scaling(1_000_000),
};
