// Ours with trials in its own process, as most peers have them:
// `node function-study.ts SLOTS SLEEPS.json LOG` in the folder of the database.

import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { builtLibrary } from '../harness/built-library.ts';

const { float, tune } = await builtLibrary();
const [slots = '', sleepsFile = '', log = ''] = process.argv.slice(2);
const sleeps = JSON.parse(readFileSync(sleepsFile, 'utf8')) as number[];
const now = (): number => (performance.timeOrigin + performance.now()) / 1000;

await tune(
  {
    name: 'sleeping',
    objective: { metric: 'value', direction: 'minimize' },
    space: { x: float(0, 1), y: float(0, 1) },
    sampler: 'random',
    budget: { trials: sleeps.length },
    async function({ x }, { trial }) {
      const start = now();
      await setTimeout(1000 * sleeps[trial]!);
      appendFileSync(log, `${trial} ${start} ${now()}\n`);
      return (x - 0.3) ** 2;
    },
  },
  { database: 'fleetune.db', slots: Number(slots) },
);
