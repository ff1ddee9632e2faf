// `branches: joint` of TPE beside its default, on the tasks with conditions: decides which of them is the default.

import { tpeDefaults, type SamplerSpec } from '@fleetune/core';
import type { Measured } from '../harness/bench.ts';
import { bests, checkpoints, mean, meanRegret } from './regret.ts';
import { runStudies, type Planned } from './studies.ts';
import type { Evaluator } from './tasks.ts';

const joint: SamplerSpec = { type: 'tpe', ...tpeDefaults, branches: 'joint' };

/** `apart`: the mean regret of each of these studies by default. */
export async function* jointBeside(
  all: readonly (Planned & { apart: number })[],
  readers: Evaluator,
  of: string,
): AsyncIterable<Measured> {
  const plans = all.filter(({ task }) => task.parameters.some(({ when }) => when !== undefined));
  const joined = plans.map((plan) => ({ ...plan, sampler: joint }));
  const found = await runStudies(joined, checkpoints.at(-1)!, readers);
  const logs = plans.map(({ task, apart }, i) => {
    return Math.log(meanRegret(task, bests(found[i]!)) / apart);
  });
  const runs = plans.length / new Set(plans.map(({ task }) => task)).size;
  const value = Math.exp(mean(logs));
  yield { case: `branches joint, regret / apart, ${of}`, value, unit: '×', better: 'lower', runs };
}
