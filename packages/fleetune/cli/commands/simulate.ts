import { FleetuneError, fail, type StudySpec } from '@fleetune/core';
import { modestHeap } from '@fleetune/platform/node';
import {
  assumedWorkload,
  measureLog,
  measuredWorkload,
  predictOften,
  usualSimulations,
  type MeasuredLog,
  type MiddlePrediction,
  type Workload,
} from '@fleetune/simulator/prediction';
import { hasColour, print, printJson } from '../console.ts';
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
  modestHeap();
  const cluster = clusterOption(options);
  const price = priceOption(options);
  const argument = await studyArgument(invocation);
  const spec = await specOf(argument, invocation);
  const { trials } = spec.budget;
  const workloadOf = await workloads(argument, spec, durationsOption(options));
  const progress = openProgressLine(console);
  const predictions: MiddlePrediction[] = [];
  const simulations = usualSimulations(trials);
  try {
    for (const each of scaled(cluster)) {
      const workers = each.workers;
      const onProgress = (ended: number): void => progress.show({ workers, ended, trials });
      const options = { spec, cluster: each, workloadOf, simulations, seed: spec.seed, onProgress };
      predictions.push(await predictOften(options));
    }
  } finally {
    progress.close();
  }
  const { source } = workloadOf(spec.seed);
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

function specOf(
  { file, database, name }: StudyArgument,
  { console, options }: Invocation,
): StudySpec | Promise<StudySpec> {
  const overrides = overridesOf(options);
  if (file === undefined) return storedSpec(database, name, overrides);
  return readStudyFile(file, console.cwd, SEED, overrides).spec;
}

/** What its programs do, by the seed of a simulation. */
async function workloads(
  argument: StudyArgument,
  spec: StudySpec,
  durations: ReturnType<typeof durationsOption>,
): Promise<(seed: number) => Workload> {
  if (durations !== undefined && durations !== 'measured') {
    return (seed) => assumedWorkload(spec, durations, seed);
  }
  const log = await logOf(argument, spec);
  if (log === undefined) throw fail('simulate.no-durations', argument.name, {});
  return measuredWorkload(spec, log);
}

/** What the study's log tells; a study file need not have one. */
async function logOf(
  { database, name, file }: StudyArgument,
  { objective }: StudySpec,
): Promise<MeasuredLog | undefined> {
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
