// Trials in this process that report every 50 ms under ASHA: `node reporting-study.ts SLOTS TRIALS`
// in the folder of the database. Prints JSON for asha-utilization.ts.

import { setTimeout } from 'node:timers/promises';
import type { StudyEvent } from '@fleetune/core';
import { float, tune } from '../../packages/fleetune/index.ts';
import { refills } from './refills.ts';

const [slots = '', trials = ''] = process.argv.slice(2);
const beganMs = new Map<number, number>();
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
    async function({ x }, { trial, report }) {
      beganMs.set(trial, performance.timeOrigin + performance.now());
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
console.log(JSON.stringify({ utilization, reports, refillsMs: refills(events, beganMs) }));
