import { FleetuneError, fail, type StudySpec } from '@fleetune/core';
import { simulationHeaps } from '@fleetune/platform/node';
import {
  measureLog,
  middlePrediction,
  predictInThreads,
  simulationSeeds,
  threadsFor,
  usualSimulations,
  workloadsOf,
  type Cluster,
  type MiddlePrediction,
  type Programs,
  type SimulatedStudy,
} from '@fleetune/simulator/prediction';
import { processEntry } from '../../session/installed.ts';
import { hasColour, print, printJson, type Console } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { readStudyFile } from '../study-file/read-study-file.ts';
import { predictionJson } from '../view/prediction-json.ts';
import { openProgressLine } from '../view/progress-line.ts';
import { renderPrediction } from '../view/render-prediction.ts';
import { flag } from './option.ts';
import {
  clusterOption,
  durationsOption,
  failuresOption,
  priceOption,
  scaled,
} from './simulate-options.ts';
import { storedSpec } from './stored-study.ts';
import { studyArgument, withStore, type StudyArgument } from './study-argument.ts';
import { overridesOf } from './study-to-run.ts';

/** For a study without a seed of its own: the same on every call. */
const SEED = 0;

export async function simulate(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  simulationHeaps();
  const cluster = clusterOption(options);
  const price = priceOption(options);
  const argument = await studyArgument(invocation);
  const spec = await specOf(argument, invocation);
  const programs = await programsOf(argument, spec, durationsOption(options));
  const { source } = workloadsOf(spec, programs)(spec.seed);
  const predictions = await predictAll({ spec, programs }, scaled(cluster), console);
  const deaths = failuresOption(options)?.words;
  const shown = { spec, source, predictions, workers: cluster.workers, price, deaths };
  if (flag(options, 'json')) {
    printJson(console, predictionJson(shown));
  } else {
    const width = Math.min(console.stdout.columns || 100, 100);
    print(
      console,
      renderPrediction(shown, { width, colour: hasColour(console.stdout, console.env) }),
    );
  }
  return 0;
}

/** The larger a cluster is, the longer it takes, so that the largest are begun first. */
async function predictAll(
  study: SimulatedStudy,
  clusters: readonly Cluster[],
  console: Console,
): Promise<MiddlePrediction[]> {
  const { seed, budget } = study.spec;
  const seeds = simulationSeeds(seed, usualSimulations(budget.trials));
  const simulations = clusters
    .toReversed()
    .flatMap((cluster) => seeds.map((seed) => ({ cluster, seed })));
  const trials = budget.trials && budget.trials * simulations.length;
  const progress = openProgressLine(console);
  try {
    const all = await predictInThreads({
      entry: processEntry('simulation-thread'),
      study,
      simulations,
      atOnce: threadsFor(clusters.at(-1)!, simulations.length, budget.trials),
      onProgress: (ended) => progress.show({ clusters: clusters.length, ended, trials }),
    });
    return clusters.map((cluster) =>
      middlePrediction(all.filter((_, i) => simulations[i]!.cluster === cluster)),
    );
  } finally {
    progress.close();
  }
}

function specOf(
  { file, database, name }: StudyArgument,
  { console, options }: Invocation,
): StudySpec | Promise<StudySpec> {
  const overrides = overridesOf(options);
  if (file === undefined) return storedSpec(database, name, overrides);
  return readStudyFile(file, console.cwd, SEED, overrides).spec;
}

async function programsOf(
  argument: StudyArgument,
  spec: StudySpec,
  durations: ReturnType<typeof durationsOption>,
): Promise<Programs> {
  if (durations !== undefined && durations !== 'measured') return durations;
  const log = await logOf(argument, spec);
  if (log === undefined) throw fail('simulate.no-durations', argument.name, {});
  return log;
}

/** What the study's log tells; a study file need not have one. */
async function logOf(
  { database, name, file }: StudyArgument,
  { objective }: StudySpec,
): Promise<Programs | undefined> {
  try {
    return await withStore(database, (store) => {
      const row = store.study(name);
      return row && measureLog(store.events(row.id, 0), objective.metric);
    });
  } catch (error) {
    const absent = error instanceof FleetuneError && error.code === 'store.not-found';
    if (file !== undefined && absent) return undefined;
    throw error;
  }
}
