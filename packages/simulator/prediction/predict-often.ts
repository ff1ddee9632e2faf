import { predict, type Prediction, type PredictionOptions } from './predict.ts';
import type { Workload } from './workload.ts';

export interface OftenOptions extends Omit<PredictionOptions, 'workload' | 'clock'> {
  /** The programs as they are by a seed. */
  workloadOf: (seed: number) => Workload;
  simulations: number;
}

export interface MiddlePrediction extends Prediction {
  simulations: number;
  /** Of all simulations: the shortest and the longest. */
  finishRangeMs: [number, number];
}

/** Chance has its part in a study, a large one in a small study: of several simulations, the one in the middle. */
export async function predictOften(options: OftenOptions): Promise<MiddlePrediction> {
  const { workloadOf, simulations, seed, ...rest } = options;
  const all: Prediction[] = [];
  for (let i = 0; i < simulations; i++) {
    // Seeds of a simulation have nothing to do with those of the next seed of a user.
    const own = (seed + i * 0x9e3779b1) % 2 ** 32;
    all.push(await predict({ ...rest, seed: own, workload: workloadOf(own) }));
  }
  all.sort((a, b) => a.finishMs - b.finishMs || endedOf(b) - endedOf(a));
  return {
    ...all[(simulations - 1) >> 1]!,
    simulations,
    finishRangeMs: [all[0]!.finishMs, all.at(-1)!.finishMs],
  };
}

/** So that even many trials are simulated within seconds; a large study varies less, too. */
export function usualSimulations(trials = Infinity): number {
  return trials <= 500 ? 9 : trials <= 1_000 ? 5 : trials <= 5_000 ? 3 : 1;
}

function endedOf({ status }: Prediction): number {
  const { completed, stopped, failed, infeasible } = status.trials;
  return completed + stopped + failed + infeasible;
}
