// `node hunt.ts NAME SEEDS`: plants the canary of that name, and tells the first seed that finds it as a line of JSON.
// Only its own promise counts: a bug that is found by another one is found by luck.

import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { canaries, type Change } from './canaries.ts';

const [name, seeds] = process.argv.slice(2);
const canary = canaries.find((it) => it.name === name);
if (canary === undefined) throw new Error(`there is no canary "${name}"`);
const planted = new Map<string, Change[]>();
for (const change of canary.changes) {
  const url = pathToFileURL(join(import.meta.dirname, '..', '..', change.file)).href;
  planted.set(url, [...(planted.get(url) ?? []), change]);
}
const missing = new Set(planted.keys());

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const changes = planted.get(url);
    if (changes === undefined) return loaded;
    missing.delete(url);
    return { ...loaded, source: changes.reduce(plant, String(loaded.source)) };
  },
});

function plant(source: string, { file, was, becomes }: Change): string {
  if (source.split(was).length === 2) return source.replace(was, () => becomes);
  throw new Error(`${file} has not exactly one "${was}"`);
}

const { scenario, simulate, failureLine } = await import('../index.ts');
if (missing.size > 0) throw new Error(`not loaded: ${[...missing].join(', ')}`);
let found: { seed: number; promise: string; line: string } | undefined;
const others = new Set<string>();
for (let seed = 1; seed <= Number(seeds) && found === undefined; seed++) {
  const { breaches } = await simulate(scenario(seed));
  const breach = breaches.find(({ promise }) => promise === canary.promise);
  for (const { promise } of breaches) others.add(promise);
  if (breach === undefined) continue;
  found = { seed, promise: breach.promise, line: failureLine(seed, breach) };
}
process.stdout.write(
  `${JSON.stringify(found ?? { missed: Number(seeds), others: [...others] })}\n`,
);
