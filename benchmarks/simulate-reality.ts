// What `fleetune simulate` says before, and what 32 slots do after, with other trials of the same mix. Two mixes are simulated
// from the log of a shorter run; of the third only the distribution is known: a mean of heavy-tailed times
// needs more trials than a small log has. Start-up is left out of both: it is one process's, once, and
// on a busy machine it takes what it likes.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Utilization } from '@fleetune/core';
import type { Bench, Measured } from './harness/bench.ts';
import { MIXES, type Mix } from './simulator/mixes.ts';

const slots = 32;
const trials = {
  before: { even: 600, 'heavy-tailed': 50, asha: 2000 },
  // So many that the last trials, by chance long or short, move the utilization by less than half a point.
  after: { even: 2500, 'heavy-tailed': 12_000, asha: 8000 },
};
const seeds = { before: 1, after: 2 };
const durations = {
  even: 'measured',
  'heavy-tailed': 'lognormal:300ms,0.6',
  asha: 'measured',
};

export const bench: Bench = {
  summary: 'fleetune simulate against the run that it predicts: 32 slots, three mixes of durations',
  minutes: 5,
  async *run(): AsyncIterable<Measured> {
    for (const mix of MIXES) yield* compared(mix);
  },
};

async function* compared(mix: Mix): AsyncIterable<Measured> {
  const [before, after] = [await folder(), await folder()];
  try {
    await study(before, mix, 'before');
    const predicted = figures(await prediction(before, mix));
    const real = figures(await study(after, mix, 'after'));
    const common = { better: 'lower', runs: 1 } as const;
    const offBy = (100 * Math.abs(predicted.finishS - real.finishS)) / real.finishS;
    const points = 100 * Math.abs(predicted.share - real.share);
    yield { case: `${mix}: finish is off by`, value: offBy, unit: '%', goal: 5, ...common };
    yield {
      case: `${mix}: utilization is off by`,
      value: points,
      unit: 'points',
      goal: 1,
      ...common,
    };
    const higher = { unit: '%', better: 'higher', runs: 1 } as const;
    yield { case: `${mix}: finish`, value: real.finishS, unit: 's', ...common };
    yield { case: `${mix}: predicted finish`, value: predicted.finishS, unit: 's', ...common };
    yield { case: `${mix}: utilization`, value: 100 * real.share, ...higher };
    yield { case: `${mix}: predicted utilization`, value: 100 * predicted.share, ...higher };
  } finally {
    await rm(before, { recursive: true, force: true });
    await rm(after, { recursive: true, force: true });
  }
}

function figures({ allocatedUs, busyUs, lossesUs }: Utilization): {
  finishS: number;
  share: number;
} {
  const usedUs = allocatedUs - lossesUs.startUp;
  return { finishS: usedUs / slots / 1e6, share: busyUs / usedUs };
}

function folder(): Promise<string> {
  return mkdtemp(join(import.meta.dirname, '../.tools/bench-'));
}

async function study(cwd: string, mix: Mix, when: 'before' | 'after'): Promise<Utilization> {
  const script = join(import.meta.dirname, './simulator/mixed-study.ts');
  const argv = [script, mix, slots, trials[when][mix], seeds[when]].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd });
  return JSON.parse(stdout) as Utilization;
}

/** As a user would ask for it. */
async function prediction(cwd: string, mix: Mix): Promise<Utilization> {
  const fleetune = join(import.meta.dirname, '../packages/fleetune/bin/fleetune.js');
  const budget = ['--trials', String(trials.after[mix])];
  const cluster = ['--workers', '1', '--slots', String(slots)];
  const how = ['--durations', durations[mix]];
  const argv = [fleetune, 'simulate', mix, ...cluster, ...budget, ...how, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd });
  const { clusters } = JSON.parse(stdout) as {
    clusters: { slots: number; utilization: Utilization }[];
  };
  return clusters.find((cluster) => cluster.slots === slots)!.utilization;
}
