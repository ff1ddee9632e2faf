// Trials in this process that report every 50 ms under ASHA: `node reporting-study.ts SLOTS TRIALS`
// in the folder of the database. Prints JSON for asha-utilization.ts.

import { setTimeout } from 'node:timers/promises';
import type { StudyEvent } from '@fleetune/core';
import { builtLibrary } from '../harness/built-library.ts';
import { refills, type Begin } from './refills.ts';

const [slots = '', trials = ''] = process.argv.slice(2);
const { float, tune } = await builtLibrary();
const begins: Begin[] = [];
const events: StudyEvent[] = [];
let reports = 0;

const tuning = tune(
  {
    name: 'reporting',
    objective: { metric: 'value', direction: 'minimize' },
    space: { x: float(0, 1), y: float(0, 1) },
    sampler: 'random',
    scheduler: { type: 'asha', eta: 3 },
    fidelity: { metric: 'epoch', min: 1, max: 27 },
    budget: { trials: Number(trials) },
    async function({ x }, { trial, attempt, report }) {
      begins.push({ trial, attempt, atMs: performance.timeOrigin + performance.now() });
      for (let epoch = 1; epoch <= 27; epoch += 1) {
        await setTimeout(50);
        reports += 1;
        if (await report(epoch, { value: (x - 0.3) ** 2 + 1 / epoch })) return;
      }
    },
  },
  { database: 'fleetune.db', slots: Number(slots) },
);
for await (const event of tuning) {
  if (event.kind === 'attempt-started' || event.kind === 'rung-reached') events.push(event);
}
const { utilization } = (await tuning).status;
console.log(JSON.stringify({ utilization, reports, refillsMs: refills(events, begins) }));
