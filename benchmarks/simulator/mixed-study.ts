// Trials in this process that sleep: `node mixed-study.ts MIX SLOTS TRIALS SEED` in the folder of the database. Prints
// the study's utilization as JSON, for simulate-reality.ts.

import { setTimeout } from 'node:timers/promises';
import { randomStream, type RandomStream } from '@fleetune/core';
import { builtLibrary } from '../harness/built-library.ts';
import { isMix, type Mix } from './mixes.ts';

const [mix = '', slots = '', trials = '', seed = ''] = process.argv.slice(2);
if (!isMix(mix)) throw new Error(`there is no mix "${mix}"`);

/** Seconds of a whole trial: all alike, heavy-tailed, or in epochs that are alike within a trial. */
const seconds: Record<Mix, (random: RandomStream) => number> = {
  even: (random) => 0.4 + 0.2 * random.next(),
  'heavy-tailed': (random) => 0.3 * Math.exp(0.6 * random.normal()),
  asha: (random) => 0.9 * Math.exp(0.4 * random.normal()),
};
const EPOCHS = 9;

const { float, tune } = await builtLibrary();
const { status } = await tune(
  {
    name: mix,
    objective: { metric: 'value', direction: 'minimize' },
    space: { x: float(0, 1), y: float(0, 1) },
    sampler: 'random',
    ...(mix === 'asha' && {
      scheduler: { type: 'asha', eta: 3 } as const,
      fidelity: { metric: 'epoch', min: 1, max: EPOCHS },
    }),
    budget: { trials: Number(trials) },
    async function({ x }, { trial, report }) {
      const ms = 1000 * seconds[mix](randomStream(Number(seed), trial, 'sleep'));
      const loss = (x - 0.3) ** 2;
      if (mix !== 'asha') {
        await setTimeout(ms);
        return loss;
      }
      for (let epoch = 1; epoch <= EPOCHS; epoch += 1) {
        await setTimeout(ms / EPOCHS);
        if (await report(epoch, { value: loss + 1 / epoch })) return undefined;
      }
      return undefined;
    },
  },
  { database: 'fleetune.db', slots: Number(slots) },
);
console.log(JSON.stringify(status.utilization));
