// The same as cluster-utilization with 1,500 sleeps, at 32 and at 8 slots, beside more peers.

import type { Bench, Measured } from './harness/bench.ts';
import { peerContenders } from './cluster/contenders.ts';
import { race } from './cluster/race.ts';

export const bench: Bench = {
  summary: '1,500 heavy-tailed sleeps on 32 and on 8 slots, beside Optuna’s stores and Dask',
  minutes: 20,
  async *run(): AsyncIterable<Measured> {
    const peers = await peerContenders(
      ['optuna 5.0.0 threads', 'optuna 5.0.0 journal', 'optuna 5.0.0 sqlite', 'dask 2026.8.0'],
      240,
    );
    yield* race({ slots: 32, trials: 1500, runs: 3, peers });
    yield* race({ slots: 8, trials: 1500, runs: 1, peers });
  },
};
