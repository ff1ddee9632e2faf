// `./dev bench [NAME] [--json] [--strict] [--list] [--minutes N]`: without NAME all that fit in ten minutes, one after the other. Exit code 1: a figure could
// not be measured or, with --strict, missed its goal; otherwise a busy machine is no failure.

import { parseArgs } from 'node:util';
import type { Bench } from './harness/bench.ts';
import { machine } from './harness/machine.ts';
import { result, row, type Result } from './harness/result.ts';
import { watchSteal } from './harness/steal.ts';

const benches: Record<string, () => Promise<{ bench: Bench }>> = {
  'first-trial': () => import('./first-trial.ts'),
  gap: () => import('./gap.ts'),
  utilization: () => import('./utilization.ts'),
  store: () => import('./store.ts'),
  'large-study': () => import('./large-study.ts'),
  'event-cost': () => import('./event-cost.ts'),
  sampler: () => import('./sampler.ts'),
  evolution: () => import('./evolution.ts'),
  kernels: () => import('./kernels.ts'),
  ask: () => import('./ask.ts'),
  'asha-utilization': () => import('./asha-utilization.ts'),
  'many-workers': () => import('./many-workers.ts'),
  simulator: () => import('./simulator.ts'),
  'tell-ask': () => import('./tell-ask.ts'),
  'cluster-utilization': () => import('./cluster-utilization.ts'),
  // These run only when named.
  'sampler-quality': () => import('./sampler-quality.ts'),
  chaos: () => import('./chaos.ts'),
  'evolution-results': () => import('./evolution-results.ts'),
  'cluster-utilization-full': () => import('./cluster-utilization-full.ts'),
  'cluster-utilization-slow': () => import('./cluster-utilization-slow.ts'),
  'simulate-reality': () => import('./simulate-reality.ts'),
  'simulator-full': () => import('./simulator-full.ts'),
};

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    list: { type: 'boolean' },
    strict: { type: 'boolean' },
    minutes: { type: 'string' },
  },
});
const minutes = flags.minutes === undefined ? undefined : Number(flags.minutes);
const unknown = positionals.find((name) => benches[name] === undefined);

if (unknown !== undefined) {
  console.error(`bench: there is no "${unknown}"; ./dev bench --list shows them`);
  process.exitCode = 2;
} else if (minutes !== undefined && !(minutes > 0)) {
  console.error(`bench: --minutes needs a number, got "${flags.minutes}"`);
  process.exitCode = 2;
} else if (flags.list) {
  for (const [name, load] of Object.entries(benches)) {
    const { summary, minutes } = (await load()).bench;
    const named = minutes === undefined ? '' : ` (${minutes} minutes, only when named)`;
    console.log(`${name.padEnd(26)} ${summary}${named}`);
  }
} else {
  const results: Result[] = [];
  const broken: string[] = [];
  if (!flags.json) console.log(`${machine()}\n`);
  for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
    try {
      const { bench } = await benches[name]!();
      if (positionals.length === 0 && bench.minutes !== undefined) continue;
      const steal = watchSteal();
      for await (const measured of bench.run({ minutes })) {
        const line = result(name, measured, { machine: machine(), stealPercent: steal() });
        results.push(line);
        console.log(flags.json ? JSON.stringify(line) : row(line));
      }
    } catch (error) {
      // The others can still be measured.
      broken.push(name);
      console.error(`bench: ${name} could not be measured:`, error);
    }
  }
  const missed = results.filter(({ met }) => met === false);
  if (!flags.json) console.log(`\n${verdict(missed.length, broken)}`);
  process.exitCode = broken.length > 0 || (flags.strict && missed.length > 0) ? 1 : 0;
}

function verdict(missed: number, broken: string[]): string {
  if (broken.length > 0) return `not measured: ${broken.join(', ')}`;
  return missed === 0 ? 'every goal is met' : `${missed} goal${missed > 1 ? 's' : ''} missed`;
}
