import type { GapHistogram } from '@fleetune/core';
import type { Metric, Registry } from 'prom-client';
import type { Coordinator } from '../coordinator.ts';
import { distributions, histogramOf, type DistributionName } from './distributions.ts';
import { gaugeSamples, gaugeShapes, type GaugeName } from './gauges.ts';

export interface Metrics {
  /** In Prometheus' own text format. */
  text(): Promise<string>;
}

/** The client library is loaded when somebody asks: the first trial does not wait for it. */
export function createMetrics(coordinator: Coordinator, exchanges: GapHistogram): Metrics {
  let client: Promise<typeof import('prom-client')> | undefined;
  let own: Registry | undefined;
  return {
    async text() {
      const { Gauge, Registry, collectDefaultMetrics } = await (client ??= import('prom-client'));
      if (own === undefined) collectDefaultMetrics({ register: (own = new Registry()) });
      const registry = new Registry();
      const samples = gaugeSamples(coordinator);
      for (const name of Object.keys(samples) as GaugeName[]) {
        const { help, labels } = gaugeShapes[name];
        const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
        for (const [values, value] of samples[name]) gauge.set(values, value);
      }
      const times = distributions(coordinator, exchanges);
      for (const name of Object.keys(times) as DistributionName[]) {
        const histogram = histogramOf(name, times[name]);
        registry.registerMetric({ name, get: async () => histogram } as unknown as Metric);
      }
      // The process itself beside what it works on: memory, processor, how long its loop is held up.
      return `${await registry.metrics()}\n${await own.metrics()}`;
    },
  };
}
