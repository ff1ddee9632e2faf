// Peers that start a process for every slot or trial: on few processors they take many times as long as the others.

import type { Bench, Measured } from './harness/bench.ts';
import { peerContenders } from './cluster/contenders.ts';
import { race } from './cluster/race.ts';

export const bench: Bench = {
  summary: '400 heavy-tailed sleeps on 32 and on 8 slots, beside Ray Tune and Syne Tune',
  minutes: 10,
  async *run(): AsyncIterable<Measured> {
    const peers = await peerContenders(['ray tune 2.60.0', 'syne tune 0.16.0'], 120);
    yield* race({ slots: 32, trials: 400, runs: 1, peers });
    yield* race({ slots: 8, trials: 400, runs: 1, peers });
  },
};
