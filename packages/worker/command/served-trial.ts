import type { Clock } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import type { MetricRows } from '../metrics/metric-row.ts';
import type { AttemptSink } from '../runner.ts';
import type { ServedTrial } from '../trial-server/trial-server.ts';
import type { TrialEnding } from './trial-ending.ts';

export interface Served {
  assignment: Assignment;
  clock: Clock;
  rows: MetricRows;
  sink: AttemptSink;
  ending: TrialEnding;
}

/** A client waits so long for the coordinator's word, then it goes on training. */
const ANSWER_MS = 1_000;

/** What the trial's own client sees and does. */
export function servedTrial(served: Served, checkpointFolder: () => string): ServedTrial {
  const { assignment, clock, rows, ending } = served;
  const { params, fidelityTarget, program } = assignment;
  return {
    info: () => ({
      params,
      checkpointDir: checkpointFolder(),
      ...(fidelityTarget !== undefined && { fidelityTarget }),
    }),
    async report(step, metrics) {
      ending.sign();
      const taken = rows.take(metrics, step);
      if (taken) await Promise.race([served.sink.answered(), pause(clock)]);
      const interruption = ending.interruption();
      if (interruption !== undefined) return { stop: true, reason: interruption.why };
      return taken ? { stop: false } : { stop: false, warning: unknown(program.kept, metrics) };
    },
  };
}

function pause(clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.after(ANSWER_MS, resolve, { unref: true }));
}

function unknown(kept: readonly string[], metrics: Record<string, unknown>): string {
  const names = Object.keys(metrics).join(', ') || 'nothing';
  return `the study looks for a number named ${kept.join(' or ')}; report() got ${names}`;
}
