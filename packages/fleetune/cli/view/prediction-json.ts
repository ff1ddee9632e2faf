import type { StudySpec } from '@fleetune/core';
import type { Prediction, Workload } from '@fleetune/simulator/prediction';

/** A study on a cluster and on others of its kind. */
export interface Predicted {
  spec: StudySpec;
  workload: Workload;
  /** The fewest workers first. */
  predictions: readonly Prediction[];
  /** Those that were asked for. */
  workers: number;
  /** Of one slot-hour. */
  price: number | undefined;
}

const HOUR_US = 3_600_000_000;

export function predictionJson({ spec, workload, predictions, workers, price }: Predicted) {
  return {
    kind: 'prediction',
    study: spec.name,
    seed: spec.seed,
    durations: workload.source,
    workers,
    clusters: predictions.map((prediction) => clusterJson(prediction, price)),
  };
}

function clusterJson(prediction: Prediction, price: number | undefined) {
  const { cluster, finishMs, end, status, attempts, deaths, busy } = prediction;
  const { trials, failures, rungs, utilization } = status;
  const slotHours = slotHoursOf(prediction);
  return {
    workers: cluster.workers,
    slots: cluster.workers * cluster.slots,
    finishMs,
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

export function slotHoursOf({ status }: Prediction): number {
  return (status.utilization?.allocatedUs ?? 0) / HOUR_US;
}
