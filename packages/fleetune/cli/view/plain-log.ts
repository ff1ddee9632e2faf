// The view where nothing can be redrawn: a line for what is worth one, and never a flood.

import type { Incumbent, StudyEvent, StudySpec, StudyStatus } from '@fleetune/core';
import { clockTime, etaText, figure, percent, trialsEnded } from './figures.ts';
import { objectivesText } from './front-lines.ts';
import { printable } from './text-width.ts';
import { trialEnd } from './trial-end.ts';

/** Ended trials beyond this many in a period are only counted. */
const LINES_PER_PERIOD = 10;
const PERIOD_MS = 10_000;

export interface PlainLog {
  /** Lines for a batch of events that is durable; `status` is asked only when it is needed. */
  take(events: readonly StudyEvent[], now: number, status: () => StudyStatus): string[];
}

export function plainLog(spec: Pick<StudySpec, 'objective' | 'objectives' | 'fidelity'>): PlainLog {
  let periodStart = -Infinity;
  let written = 0;
  let leader: string | undefined;
  let inFront = new Set<number>();
  let tail: string[] | undefined;

  function endLines(event: StudyEvent): string[] {
    if (event.kind === 'attempt-ended') tail = event.tail;
    if (event.kind !== 'trial-ended') return [];
    const { trial, state, text } = trialEnd(event, spec);
    const line = `trial ${trial} ${state}${text === '' ? '' : `: ${text}`}`;
    const failed = state === 'failed' || state === 'infeasible';
    const last = tail?.findLast((output) => output.trim() !== '');
    return failed && last !== undefined ? [line, `  ${printable(last)}`] : [line];
  }

  function frontNews(front: readonly Incumbent[] = []): string[] {
    const fresh = front.filter(({ trial }) => !inFront.has(trial));
    inFront = new Set(front.map(({ trial }) => trial));
    const all = front.length === 1 ? '1 trial' : `${front.length} trials`;
    return fresh.map(
      (one) => `new on the Pareto front (${all}): trial ${one.trial}, ${objectivesText(spec, one)}`,
    );
  }

  return {
    take(events, now, status) {
      const lines: string[] = [];
      if (now - periodStart >= PERIOD_MS) {
        if (periodStart !== -Infinity) lines.push(progressText(status()));
        periodStart = now;
        written = 0;
      }
      for (const event of events) {
        const ended = endLines(event);
        if (ended.length > 0 && written < LINES_PER_PERIOD) {
          lines.push(...ended);
          written += 1;
        }
      }
      if (events.some(({ kind }) => kind === 'reports' || kind === 'trial-ended')) {
        const { incumbent, front, fidelity, objective } = status();
        lines.push(...frontNews(front));
        const full = incumbent?.step === undefined || incumbent.step === fidelity?.max;
        // A leader that climbs is news when it arrives at the top.
        const key = incumbent && `${incumbent.trial} ${full ? String(incumbent.value) : ''}`;
        if (incumbent !== undefined && key !== leader) {
          lines.push(incumbentLine(incumbent, objective.metric, fidelity?.metric));
        }
        leader = key;
      }
      return lines;
    },
  };
}

/** Progress in one line. */
export function progressText(status: StudyStatus): string {
  const { budget, trials, utilization } = status;
  const of = budget.trials === undefined ? '' : `/${budget.trials}`;
  return [
    `${clockTime(status.elapsedMs)}  ${trialsEnded(status)}${of} trials`,
    `${trials.running} running`,
    ...(status.paused === undefined ? [] : ['paused']),
    ...(status.workers === undefined || status.workers.length === 1
      ? []
      : [`${status.workers.length} workers`]),
    ...(trials.failed > 0 ? [`${trials.failed} failed`] : []),
    ...(status.incumbent === undefined
      ? []
      : [`${status.objective.metric} ${figure(status.incumbent.value)}`]),
    ...(status.front === undefined ? [] : [`${status.front.length} on the Pareto front`]),
    ...(utilization === undefined ? [] : [`${percent(utilization.share)} busy`]),
    ...(status.etaMs === undefined ? [] : [etaText(status.etaMs)]),
  ].join(' · ');
}

function incumbentLine(
  { trial, value, step }: Incumbent,
  metric: string,
  fidelity = 'step',
): string {
  const at = step === undefined ? '' : ` at ${fidelity} ${figure(step)}`;
  return `new incumbent: trial ${trial}, ${metric} ${figure(value)}${at}`;
}
