// `./dev bench [NAME] [--json] [--strict] [--list]`: without NAME all of them, one after the other. Exit code 1: a figure could
// not be measured or, with --strict, missed its goal; otherwise a busy machine is no failure.

import { parseArgs } from 'node:util';
import type { Bench } from './harness/bench.ts';
import { machine } from './harness/machine.ts';
import { result, row, type Result } from './harness/result.ts';

const benches: Record<string, () => Promise<{ bench: Bench }>> = {
  'first-trial': () => import('./first-trial.ts'),
  gap: () => import('./gap.ts'),
  utilization: () => import('./utilization.ts'),
  store: () => import('./store.ts'),
  sampler: () => import('./sampler.ts'),
};

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, list: { type: 'boolean' }, strict: { type: 'boolean' } },
});
const names = positionals.length > 0 ? positionals : Object.keys(benches);
const unknown = names.find((name) => benches[name] === undefined);

if (unknown !== undefined) {
  console.error(`bench: there is no "${unknown}"; ./dev bench --list shows them`);
  process.exitCode = 2;
} else if (flags.list) {
  for (const [name, load] of Object.entries(benches)) {
    console.log(`${name.padEnd(14)} ${(await load()).bench.summary}`);
  }
} else {
  const results: Result[] = [];
  const broken: string[] = [];
  if (!flags.json) console.log(`${machine()}\n`);
  for (const name of names) {
    try {
      for await (const measured of (await benches[name]!()).bench.run()) {
        const line = result(name, measured, machine());
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
