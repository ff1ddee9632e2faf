// Processor time per trial of the evolutionary samplers, beside Rustuna. Every run is a process of its own, and runs
// of ours and of the peer take turns. Processor time, not time that passes: the same on a machine that others use too.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';
import { pythonPeer } from './peers/python-peer.ts';

const runs = 3;
const ours = join(import.meta.dirname, 'evolution/evolution-study.ts');
const theirs = join(import.meta.dirname, 'peers/evolution_latency.py');

interface Case {
  type: 'cma-es' | 'nsga' | 'regularized-evolution' | 'differential-evolution';
  dimensions: number;
  trials: number;
  goal: number;
}

const cases: Case[] = [
  { type: 'cma-es', dimensions: 40, trials: 20_000, goal: 80 },
  { type: 'nsga', dimensions: 10, trials: 20_000, goal: 70 },
  { type: 'nsga', dimensions: 40, trials: 20_000, goal: 70 },
  { type: 'regularized-evolution', dimensions: 40, trials: 20_000, goal: 50 },
  { type: 'differential-evolution', dimensions: 40, trials: 20_000, goal: 50 },
];

export const bench: Bench = {
  summary: 'ask and tell of evolutionary samplers in memory, beside Rustuna 0.2.0',
  async *run(): AsyncIterable<Measured> {
    const rustuna = await pythonPeer(['rustuna==0.2.0', 'cmaes==0.13.1']);
    for (const given of cases) {
      const hasPeer = given.type === 'cma-es' || given.type === 'nsga';
      yield* beside(given, hasPeer ? rustuna : undefined);
    }
    yield* growth('cma-es', 40, 320);
    yield* growth('nsga', 10, 90);
  },
};

async function* beside(given: Case, rustuna: string | undefined): AsyncIterable<Measured> {
  const { type, dimensions, trials, goal } = given;
  const [own, other]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    const { microseconds } = await study([process.execPath, ours], type, dimensions, trials);
    own.push(median(microseconds));
    if (!rustuna) continue;
    // Its CMA-ES takes seconds for a thousand.
    const few = type === 'cma-es' ? trials / 10 : trials;
    other.push(...(await study([rustuna, theirs], type, dimensions, few)).microseconds);
  }
  const name = `${type} ${dimensions}-D, a trial`;
  const peers = rustuna ? { peers: { 'rustuna 0.2.0': median(other) } } : {};
  const value = median(own);
  yield { case: name, value, unit: 'µs', better: 'lower', goal, ...peers, runs };
  if (!rustuna) return;
  yield {
    case: `${name} / Rustuna`,
    value: value / median(other),
    unit: '×',
    better: 'lower',
    runs,
  };
}

/** `megabytes`: what 100,000 trials and their params need, and no more than a fifth beside. */
async function* growth(
  type: Case['type'],
  dimensions: number,
  megabytes: number,
): AsyncIterable<Measured> {
  const node = [process.execPath, '--expose-gc', ours];
  const done = await study(node, type, dimensions, 100_000);
  const value = done.microseconds[9]! / done.microseconds[1]!;
  const common = { better: 'lower', runs: 1 } as const;
  const name = `${type} ${dimensions}-D × 100,000`;
  yield { case: `${name}, last tenth / second`, value, unit: '×', goal: 1.5, ...common };
  yield { case: `${name}, heap`, value: done.megabytes, unit: 'MB', goal: megabytes, ...common };
}

async function study(
  [program = '', ...args]: string[],
  ...given: (string | number)[]
): Promise<{ microseconds: number[]; megabytes: number }> {
  const { stdout } = await promisify(execFile)(program, [...args, ...given.map(String)]);
  return JSON.parse(stdout) as { microseconds: number[]; megabytes: number };
}
