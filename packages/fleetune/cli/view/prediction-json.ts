import type { StudySpec } from '@fleetune/core';
import type { MiddlePrediction } from '@fleetune/simulator/prediction';

/** A study on a cluster and on others of its kind. */
export interface Predicted {
  spec: StudySpec;
  /** Where the durations come from. */
  source: string;
  /** The fewest workers first. */
  predictions: readonly MiddlePrediction[];
  /** Those that were asked for. */
  workers: number;
  /** Of one slot-hour. */
  price: number | undefined;
  /** Of those that were asked for, as they were: `1 % die an hour`. */
  deaths: string | undefined;
}

const HOUR_US = 3_600_000_000;

export function predictionJson({ spec, source, predictions, workers, price }: Predicted) {
  return {
    kind: 'prediction',
    study: spec.name,
    seed: spec.seed,
    durations: source,
    workers,
    clusters: predictions.map((prediction) => clusterJson(prediction, price)),
  };
}

function clusterJson(prediction: MiddlePrediction, price: number | undefined) {
  const { cluster, finishMs, finishRangeMs, simulations } = prediction;
  const { end, status, attempts, deaths, busy } = prediction;
  const { trials, failures, rungs, utilization } = status;
  const slotHours = slotHoursOf(prediction);
  return {
    workers: cluster.workers,
    slots: cluster.workers * cluster.slots,
    finishMs,
    finishRangeMs,
    simulations,
    end,
    trials,
    attempts,
    failures,
    deaths,
    rungs: rungs.map(({ fidelity, reached, stopped }) => ({ fidelity, reached, stopped })),
    utilization,
    slotHours,
    ...(price !== undefined && { cost: slotHours * price }),
    busy,
  };
}

export function slotHoursOf({ status }: MiddlePrediction): number {
  return (status.utilization?.allocatedUs ?? 0) / HOUR_US;
}
