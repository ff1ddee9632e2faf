// The same as cluster-utilization with 1,500 sleeps, at 32 and at 8 slots, beside every peer.

import type { Bench, Measured } from './harness/bench.ts';
import { peerContenders, type PeerName } from './cluster/contenders.ts';
import { race } from './cluster/race.ts';

const names: PeerName[] = [
  'optuna 5.0.0 threads',
  'optuna 5.0.0 journal',
  'optuna 5.0.0 sqlite',
  'dask 2026.8.0',
];
/** Peers that take many times as long: in the recorded file, not in every run. */
const slow: PeerName[] = ['ray tune 2.60.0', 'syne tune 0.16.0'];

export const bench: Bench = {
  summary: '1,500 heavy-tailed sleeps on 32 and on 8 slots, beside every peer',
  minutes: 35,
  async *run(): AsyncIterable<Measured> {
    const peers = await peerContenders(names, 240);
    const all = [...peers, ...(await peerContenders(slow, 120))];
    yield* race({ slots: 32, trials: 1500, runs: 3, peers });
    yield* race({ slots: 8, trials: 1500, runs: 1, peers: all });
  },
};
