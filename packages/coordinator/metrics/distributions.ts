import { gapsUpTo, type GapHistogram } from '@fleetune/core';
import type { Coordinator } from '../coordinator.ts';

const distributionShapes = {
  fleetune_gap_seconds: 'Exit of one trial to spawn of the next on the same slot.',
  fleetune_exchange_seconds: 'Answers to exchanges that bring reports or results.',
  fleetune_commit_seconds: 'From a batch of events to the word of the store that they are durable.',
} as const;

export type DistributionName = keyof typeof distributionShapes;

/** The promises are milliseconds; whatever takes longer than a lease is another kind of trouble. */
const BOUNDS_S = [
  ...[0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05],
  ...[0.1, 0.2, 0.5, 1, 2, 5, 15, 60],
];

export type Distributions = Record<
  DistributionName,
  { labels: Record<string, string>; times: GapHistogram }[]
>;

export function distributions(coordinator: Coordinator, exchanges: GapHistogram): Distributions {
  const running = coordinator
    .studies()
    .filter(({ state, unreadable }) => state === 'running' && unreadable === undefined);
  return {
    fleetune_gap_seconds: running.map(({ name }) => ({
      labels: { study: name },
      times: coordinator.host(name).state.ledger.gaps,
    })),
    fleetune_exchange_seconds: [{ labels: {}, times: exchanges }],
    fleetune_commit_seconds: [{ labels: {}, times: coordinator.commitTimes }],
  };
}

/** As prom-client gives its own histograms: these have been counted already, by integers and for the ledger. */
export function histogramOf(name: DistributionName, of: Distributions[DistributionName]): object {
  const values = of.flatMap(({ labels, times }) => {
    const { counts, sumUs } = gapsUpTo(
      times,
      BOUNDS_S.map((bound) => bound * 1e6),
    );
    const value = (suffix: string, value: number, more: object = {}) => ({
      metricName: `${name}_${suffix}`,
      labels: { ...labels, ...more },
      value,
    });
    return [
      ...counts.map((count, i) => value('bucket', count, { le: BOUNDS_S[i]! })),
      value('bucket', times.count, { le: '+Inf' }),
      value('sum', sumUs / 1e6),
      value('count', times.count),
    ];
  });
  const help = distributionShapes[name];
  return { name, help, type: 'histogram', values };
}
