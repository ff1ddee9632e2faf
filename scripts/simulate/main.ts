// `./dev simulate`: many seeds, or one seed again with everything that it did.

import { parseArgs } from 'node:util';
import { failureLine, scenario, type Story } from '@fleetune/simulator';
import { capture } from '../process.ts';
import { stories } from './stories.ts';

const OPTIONS = {
  seeds: { type: 'string' },
  from: { type: 'string' },
  seed: { type: 'string' },
} as const;

/** A line of progress so often. */
const SAY_MS = 5_000;

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: OPTIONS });
  const one = numberOf(values.seed, undefined);
  const first = one ?? numberOf(values.from, 1)!;
  const count = one === undefined ? numberOf(values.seeds, 1000)! : 1;
  if ([first, count].some((value) => !Number.isSafeInteger(value) || value < 0)) {
    console.error('usage: ./dev simulate [--seeds N] [--from SEED] [--seed SEED]');
    return 2;
  }
  return soak(first, count, one !== undefined);
}

async function soak(first: number, count: number, verbose: boolean): Promise<number> {
  const started = performance.now();
  const sums = { trials: 0, virtualMs: 0, broken: 0 };
  let saidMs = started;
  let seed = first - 1;
  for await (const story of stories(first, count)) {
    seed += 1;
    sums.trials += story.trials;
    sums.virtualMs += story.virtualMs;
    const isBroken = story.breaches.length > 0;
    if (isBroken) sums.broken += 1;
    if (isBroken || verbose) await print(seed, story);
    const nowMs = performance.now();
    if (nowMs - saidMs < SAY_MS) continue;
    saidMs = nowMs;
    console.log(`${seed - first + 1} of ${count} seeds, ${sums.trials} trials`);
  }
  const seconds = (performance.now() - started) / 1000;
  const days = (sums.virtualMs / 86_400_000).toFixed(2);
  const rate = (count / seconds).toFixed(1);
  console.log(
    `${count} seeds, ${sums.trials} trials, ${days} virtual days in ${seconds.toFixed(1)} s ` +
      `(${rate} seeds/s): ${sums.broken === 0 ? 'every promise kept' : `${sums.broken} broken`}`,
  );
  return sums.broken === 0 ? 0 : 1;
}

/** Every knob first, so that what follows can be understood. */
async function print(seed: number, { breaches, trace, virtualMs, trials }: Story): Promise<void> {
  const { output } = await capture('git', ['describe', '--always', '--dirty']);
  const { version } = process;
  console.log(JSON.stringify({ commit: output.trim(), node: version, ...scenario(seed) }));
  console.log(
    `seed ${seed}: ${trials} trials in ${(virtualMs / 1000).toFixed(3)} s, trace ${trace}`,
  );
  for (const breach of breaches) console.log(failureLine(seed, breach));
}

function numberOf(text: string | undefined, otherwise: number | undefined): number | undefined {
  return text === undefined ? otherwise : Number(text);
}
