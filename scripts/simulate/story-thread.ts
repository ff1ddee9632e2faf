// One thread of stories.ts.

import { parentPort, workerData } from 'node:worker_threads';
import { scenario, simulate } from '@fleetune/simulator';
import type { Share } from './stories.ts';

const { first, every, end } = workerData as Share;
for (let seed = first; seed < end; seed += every) {
  parentPort!.postMessage(await simulate(scenario(seed)));
}
