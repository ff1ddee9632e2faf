// Seconds of ask and tell in memory, for a whole study and as it grows, beside Rustuna and Optuna. Every run is a
// process of its own, and runs of ours and of the peers take turns.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';
import { pythonPeer } from './peers/python-peer.ts';

const runs = 3;
const ours = join(import.meta.dirname, 'sampler-study.ts');
const theirs = join(import.meta.dirname, 'peers/sampler_latency.py');

/** Space, parameters and trials; `parity`: ours as Optuna's default. */
type Case = readonly [
  space: 'float' | 'mixed' | 'conditional',
  dimensions: number,
  trials: number,
  mode?: 'parity',
];

const cases: Record<string, Case> = {
  'tpe 40-D × 1000': ['float', 40, 1000],
  'tpe 10-D × 1000': ['float', 10, 1000],
  'tpe 40-D × 1000, parity': ['float', 40, 1000, 'parity'],
  'tpe mixed 10-D × 1000': ['mixed', 10, 1000],
  'tpe conditional 30-D × 1000': ['conditional', 30, 1000],
};

/** Shown beside the others: what Rustuna is quickest at, and what is not the default. */
const withoutGoal = ['tpe 10-D × 1000', 'tpe 40-D × 1000, parity'];

export const bench: Bench = {
  summary: 'ask and tell of TPE in memory, beside Rustuna 0.2.0 and Optuna 5.0.0',
  async *run(): AsyncIterable<Measured> {
    const rustuna = await pythonPeer(['rustuna==0.2.0']);
    const optuna = await pythonPeer(['optuna==5.0.0']);
    for (const [name, given] of Object.entries(cases)) {
      yield* beside(name, given, { rustuna, optuna });
    }
    yield await growth();
  },
};

async function* beside(
  name: string,
  given: Case,
  { rustuna, optuna }: { rustuna: string | undefined; optuna: string | undefined },
): AsyncIterable<Measured> {
  const own: number[] = [];
  const fast: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    own.push((await study([process.execPath, ours], given)).seconds);
    if (rustuna) fast.push((await study([rustuna, theirs, 'rustuna'], given)).seconds);
  }
  const peers: Record<string, number> = {};
  if (rustuna) peers['rustuna 0.2.0'] = median(fast);
  // Once: it takes as long as all the rest together.
  if (optuna) peers['optuna 5.0.0'] = (await study([optuna, theirs, 'optuna'], given)).seconds;
  const value = median(own);
  yield { case: name, value, unit: 's', better: 'lower', peers, runs };
  if (!rustuna) return;
  const ratio = value / median(fast);
  const common = { unit: '×', better: 'lower', runs } as const;
  const goal = withoutGoal.includes(name) ? {} : { goal: 0.2 };
  yield { case: `${name} / Rustuna`, value: ratio, ...common, ...goal };
}

async function growth(): Promise<Measured> {
  const ratios: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { asks } = await study([process.execPath, ours], ['float', 10, 10_000]);
    const at = (n: number): number => median(asks.slice(n - 200, n));
    ratios.push(at(10_000) / at(1000));
  }
  const value = median(ratios);
  return { case: 'ask at 10,000 / at 1,000', value, unit: '×', better: 'lower', goal: 2, runs };
}

interface Study {
  seconds: number;
  /** Seconds of each ask. */
  asks: number[];
}

async function study([program = '', ...args]: string[], given: Case): Promise<Study> {
  const execute = promisify(execFile);
  const { stdout } = await execute(program, [...args, ...given.map(String)], {
    maxBuffer: 1 << 24,
  });
  return JSON.parse(stdout) as Study;
}
