// `./dev bench [NAME] [--json] [--list]`: without NAME all of them, one after the other.

import { parseArgs } from 'node:util';
import type { Bench } from './harness/bench.ts';
import { machine } from './harness/machine.ts';
import { result, row } from './harness/result.ts';

const benches: Record<string, () => Promise<{ bench: Bench }>> = {
  'first-trial': () => import('./first-trial.ts'),
  gap: () => import('./gap.ts'),
  utilization: () => import('./utilization.ts'),
  store: () => import('./store.ts'),
};

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, list: { type: 'boolean' } },
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
  let missed = 0;
  if (!flags.json) console.log(`${machine()}\n`);
  for (const name of names) {
    const { bench } = await benches[name]!();
    for await (const measured of bench.run()) {
      const line = result(name, measured, machine());
      if (line.met === false) missed += 1;
      console.log(flags.json ? JSON.stringify(line) : row(line));
    }
  }
  if (!flags.json) console.log(missed === 0 ? '\nevery goal is met' : `\n${missed} goals missed`);
}
