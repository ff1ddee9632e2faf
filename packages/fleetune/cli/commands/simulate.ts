import { FleetuneError, fail, type StudySpec } from '@fleetune/core';
import {
  assumedWorkload,
  measureLog,
  measuredWorkload,
  predict,
  type MeasuredLog,
  type Prediction,
  type Workload,
} from '@fleetune/simulator/prediction';
import { hasColour, print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { readStudyFile } from '../study-file/read-study-file.ts';
import { predictionJson } from '../view/prediction-json.ts';
import { openProgressLine } from '../view/progress-line.ts';
import { renderPrediction } from '../view/render-prediction.ts';
import { flag } from './option.ts';
import { clusterOption, durationsOption, priceOption, scaled } from './simulate-options.ts';
import { storedSpec } from './stored-study.ts';
import { studyArgument, withStore, type StudyArgument } from './study-argument.ts';
import { overridesOf } from './study-to-run.ts';

/** For a study without a seed of its own: the same on every call. */
const SEED = 0;

export async function simulate(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const cluster = clusterOption(options);
  const price = priceOption(options);
  const argument = studyArgument(invocation);
  const spec = await specOf(argument, invocation);
  const { trials, timeMs } = spec.budget;
  if (trials === undefined && timeMs === undefined) {
    throw fail('simulate.no-budget', spec.name, {});
  }
  const workload = await workloadOf(argument, spec, durationsOption(options));
  const progress = openProgressLine(console);
  const predictions: Prediction[] = [];
  try {
    for (const each of scaled(cluster)) {
      const workers = each.workers;
      const onProgress = (ended: number): void => progress.show({ workers, ended, trials });
      predictions.push(
        await predict({ spec, cluster: each, workload, seed: spec.seed, onProgress }),
      );
    }
  } finally {
    progress.close();
  }
  const shown = { spec, workload, predictions, workers: cluster.workers, price };
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

async function workloadOf(
  argument: StudyArgument,
  spec: StudySpec,
  durations: ReturnType<typeof durationsOption>,
): Promise<Workload> {
  if (durations !== undefined && durations !== 'measured') {
    return assumedWorkload(spec, durations, spec.seed);
  }
  const log = await logOf(argument, spec);
  if (log === undefined) throw fail('simulate.no-durations', argument.name, {});
  return measuredWorkload(spec, log, spec.seed);
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
