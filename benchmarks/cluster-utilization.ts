// How much of the best possible use of its slots a tuner makes, in short: few sleeps and cheap peers.

import type { Bench, Measured } from './harness/bench.ts';
import { peerContenders } from './cluster/contenders.ts';
import { race } from './cluster/race.ts';

export const bench: Bench = {
  summary: '32 slots, 500 heavy-tailed sleeps: share of the zero-overhead schedule, beside peers',
  async *run(): AsyncIterable<Measured> {
    const names = ['optuna 5.0.0 threads', 'optuna 5.0.0 journal', 'dask 2026.8.0'] as const;
    const peers = await peerContenders(names, 60);
    yield* race({ slots: 32, trials: 500, runs: 1, peers });
  },
};
