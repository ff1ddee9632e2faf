// Losses of TPE beside Optuna 5.0.0's default: on the ranked tasks, one trial at a time and with simulated workers; and of
// its parity mode, on ten functions. Optuna's runs are recorded: by peers/record_optuna.py, and with the tasks.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  createSampler,
  searchSpace,
  tpeDefaults,
  tpeParity,
  type Params,
  type SamplerSpec,
} from '@fleetune/core';
import type { Bench, Measured } from './harness/bench.ts';
import { pythonPeer } from './peers/python-peer.ts';
import { testFunctions, type TestFunction } from './sampler-quality/functions.ts';
import { jointBeside } from './sampler-quality/branches.ts';
import { holm, pairedBootstrap, shareLower } from './sampler-quality/paired.ts';
import { bests, checkpoints, mean, meanRegret } from './sampler-quality/regret.ts';
import { runStudies } from './sampler-quality/studies.ts';
import { evaluator, rankedTasks, type Evaluator, type Task } from './sampler-quality/tasks.ts';

const tpe: SamplerSpec = { type: 'tpe', ...tpeDefaults };
const parity: SamplerSpec = { type: 'tpe', ...tpeParity };
/** Of all tasks: with 32 workers, where Optuna's default loses its lead over random, more. */
const shares = { 1: 0.6, 8: 0.6, 32: 0.75 };
const alpha = 0.05;
const recorded = join(import.meta.dirname, 'peers/recorded');

export const bench: Bench = {
  summary: "losses of TPE on 40 tasks, with 1, 8 and 32 workers, beside Optuna 5.0.0's",
  minutes: 20,
  async *run(): AsyncIterable<Measured> {
    yield await equivalence();
    const folder = process.env.FLEETUNE_BENCH_DATA;
    const python = await pythonPeer(['onnxruntime==1.32.0', 'optuna==5.0.0']);
    if (folder === undefined || python === undefined) {
      console.error('without the tasks: FLEETUNE_BENCH_DATA must name their folder');
      return;
    }
    const tasks = await rankedTasks(folder);
    const readers = evaluator(python, folder);
    try {
      for (const workers of [1, 8, 32] as const) {
        const theirs = await recordedRuns(folder, workers);
        yield* beside(tasks, { workers, theirs, readers });
      }
    } finally {
      readers.close();
    }
  },
};

/** What is known of one study: the best at each checkpoint. */
interface Run {
  task: string;
  seed: number;
  best: number[];
}

async function* beside(
  tasks: readonly Task[],
  { workers, theirs, readers }: { workers: 1 | 8 | 32; theirs: Run[]; readers: Evaluator },
): AsyncIterable<Measured> {
  const plans = theirs.map(({ task: name, seed }) => {
    return { task: tasks.find((task) => task.name === name)!, seed, workers, sampler: tpe };
  });
  const found = await runStudies(plans, checkpoints.at(-1)!, readers);
  const pairs = plans.map(({ task }, i) => ({
    task,
    own: meanRegret(task, bests(found[i]!)),
    other: meanRegret(task, theirs[i]!.best),
  }));
  const runs = plans.length / tasks.length;
  const common = { better: 'higher', unit: '', runs } as const;
  const of = workers === 1 ? 'one at a time' : `${workers} workers`;
  yield { case: `tasks better, ${of}`, value: won(tasks, pairs), ...common, goal: shares[workers] };
  const held = tasks.filter(({ heldOut }) => heldOut);
  yield { case: `held-out tasks better, ${of}`, value: won(held, pairs), ...common };
  yield* byFamily(pairs, { runs, of });
  const own = plans.map((plan, i) => ({ ...plan, apart: pairs[i]!.own }));
  yield* jointBeside(own, readers, of);
}

/** Mean regrets of one study, ours and the recorded one. */
interface Pair {
  task: Task;
  own: number;
  other: number;
}

/** The share of the tasks where our regret is lower, mean of the seeds. */
function won(tasks: readonly Task[], pairs: readonly Pair[]): number {
  const better = tasks.filter((task) => {
    return mean(differences(pairs.filter((pair) => pair.task === task))) < 0;
  });
  return better.length / tasks.length;
}

function differences(pairs: readonly Pair[]): number[] {
  return pairs.map(({ own, other }) => own - other);
}

function* byFamily(
  pairs: readonly Pair[],
  { runs, of }: { runs: number; of: string },
): Iterable<Measured> {
  const families = [...Map.groupBy(pairs, ({ task }) => task.family)].map(([name, some]) => {
    const tasks = [...Map.groupBy(some, ({ task }) => task).values()];
    return {
      name,
      own: mean(some.map(({ own }) => own)),
      other: mean(some.map(({ other }) => other)),
      p: pairedBootstrap(tasks.map(differences)),
    };
  });
  const ps = holm(families.map(({ p }) => p));
  const significant = families.filter((_, i) => ps[i]! < alpha);
  const worse = significant.filter(({ own, other }) => own > other).length;
  const lower = { better: 'lower', runs } as const;
  const unit = `of ${families.length}`;
  yield { case: `families worse, ${of}`, value: worse, unit, goal: 0, ...lower };
  yield {
    case: `families better, ${of}`,
    value: significant.length - worse,
    unit,
    better: 'higher',
    runs,
  };
  const [own, other] = [mean(families.map((f) => f.own)), mean(families.map((f) => f.other))];
  for (const family of [{ name: 'all', own, other }, ...families]) {
    const peers = { 'optuna 5.0.0': family.other };
    yield { case: `regret, ${family.name}, ${of}`, value: family.own, unit: '', peers, ...lower };
  }
}

async function recordedRuns(folder: string, workers: number): Promise<Run[]> {
  if (workers > 1)
    return lines(await readFile(join(recorded, `optuna-5.0.0-tasks-${workers}.jsonl`)));
  const file = await readFile(join(folder, 'recorded/optuna-5.0.0.jsonl.gz'));
  return lines<Run & { method: string; values: number[] }>(gunzipSync(file))
    .filter(({ method }) => method === 'optuna:tpe')
    .map(({ task, seed, values }) => ({ task, seed, best: bests(values) }));
}

function lines<Line>(file: Buffer): Line[] {
  return file
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** Quantile of the normal distribution for two one-sided tests at `alpha`. */
const oneSided = 1.645;

/**
 * How far from a half the share of pairs may be in which a run of our parity mode ends lower than one of Optuna's, mean of the
 * functions: the farther end of the interval that two one-sided tests give. The margin, 0.07, is about a quarter of a standard
 * deviation of the runs.
 */
async function equivalence(): Promise<Measured> {
  const theirs = lines<Run>(await readFile(join(recorded, 'optuna-5.0.0-functions.jsonl')));
  const found = testFunctions.map((problem) => {
    const runs = theirs.filter(({ task }) => task === problem.name);
    const own = runs.map(({ seed }) => leastValue(problem, seed));
    return shareLower(
      own,
      runs.map(({ best }) => best[0]!),
    );
  });
  const error = Math.sqrt(found.reduce((sum, { variance }) => sum + variance, 0)) / found.length;
  const distance = Math.abs(mean(found.map(({ share }) => share)) - 0.5);
  const value = distance + oneSided * error;
  const runs = theirs.length / found.length;
  return {
    case: 'parity: pairs won, from a half',
    value,
    unit: '',
    better: 'lower',
    goal: 0.07,
    runs,
  };
}

function leastValue({ parameters, value }: TestFunction, seed: number): number {
  const sampler = createSampler(parity, searchSpace(parameters, []), seed);
  let least = Infinity;
  for (let trial = 0; trial < 100; trial++) {
    const { params } = sampler.suggest(trial) as { params: Params };
    const loss = value(params);
    least = Math.min(least, loss);
    sampler.observe({ trial, params, outcome: { state: 'completed', loss } });
  }
  return least;
}
