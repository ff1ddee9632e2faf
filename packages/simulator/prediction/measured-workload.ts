// Programs as a study's log has them: each simulated trial is one of its trials, drawn at random, with its times, its
// end and its learning curve.

import { fail, randomStream, type StudySpec } from '@fleetune/core';
import { ASSUMED_GAP_MS, ASSUMED_START_UP_MS } from './assumed-workload.ts';
import { createCurves, type Curves } from './curves.ts';
import type { Curve, MeasuredAttempt, MeasuredLog } from './measured-log.ts';
import type { AttemptPlan, Workload } from './workload.ts';

interface Sample {
  plan: Omit<AttemptPlan, 'valueAt'>;
  curve: Curve;
}

/** By the seed; refused when no attempt of the log came to an end of its own. */
export function measuredWorkload(spec: StudySpec, log: MeasuredLog): (seed: number) => Workload {
  const usualBeginMs = usual(log.attempts.flatMap(beginOf)) ?? 0;
  const samples = log.attempts.map((attempt) => ({
    plan: planOf(attempt, spec.fidelity?.max, usualBeginMs),
    curve: log.curves.get(attempt.trial) ?? { steps: [], values: [] },
  }));
  if (samples.length === 0) throw fail('simulate.no-durations', spec.name, {});
  const told = samples.map(({ curve }) => curve).filter(({ steps }) => steps.length > 0);
  const curves = createCurves(told);
  const startUps = log.startUpsMs.length > 0 ? log.startUpsMs : [ASSUMED_START_UP_MS];
  const gaps = log.gapsMs.length > 0 ? log.gapsMs : [ASSUMED_GAP_MS];
  const stops = log.stopsMs.length > 0 ? log.stopsMs : [0];
  const source = `the times and curves of ${samples.length} attempts in its log`;
  const stride = usual(log.strides) ?? 1;
  return (seed) => ({
    source,
    stride,
    ...drawing({ samples, told, curves, startUps, gaps, stops }, seed),
  });
}

interface Known {
  samples: readonly Sample[];
  /** Curves that have a value. */
  told: readonly Curve[];
  curves: Curves;
  startUps: readonly number[];
  gaps: readonly number[];
  stops: readonly number[];
}

function drawing(
  { samples, told, curves, startUps, gaps, stops }: Known,
  seed: number,
): Omit<Workload, 'source' | 'stride'> {
  const drawn = (trial: number, attempt: number): Sample =>
    pick(samples, seed, trial, `program ${attempt}`);
  /** The trial is as good as it was, whatever becomes of its further attempts. */
  const curveOf = (trial: number): Curve => {
    const { curve } = drawn(trial, 1);
    if (curve.steps.length > 0 || told.length === 0) return curve;
    return pick(told, seed, trial, 'curve');
  };
  return {
    startUpMs: (worker, life) => pick(startUps, seed, worker, `start-up ${life}`),
    gapMs: (trial, attempt) => pick(gaps, seed, trial, `gap ${attempt}`),
    stopMs: (trial, attempt) => pick(stops, seed, trial, `stop ${attempt}`),
    plan(trial, attempt) {
      const curve = curveOf(trial);
      const noise = curves.spread * 1e-3 * randomStream(seed, trial, 'noise').normal();
      return {
        ...drawn(trial, attempt).plan,
        valueAt: (fidelity) => curves.at(curve, fidelity) + noise,
      };
    },
  };
}

/** Before the first unit, of an attempt that told how long a unit takes. */
function beginOf({ busyMs, step, unitMs }: MeasuredAttempt): number[] {
  return unitMs === undefined ? [] : [Math.max(0, busyMs - unitMs * step)];
}

/**
 * What the attempt would have done: one that was stopped would have gone on. One that reported once has not told its
 * unit; it began like the others, at most half of its time.
 */
function planOf(
  { end, busyMs, step, unitMs }: MeasuredAttempt,
  maxFidelity: number | undefined,
  usualBeginMs: number,
): Sample['plan'] {
  const itsEnd = end === 'stopped' ? 'completed' : end;
  if (maxFidelity === undefined) return { beginMs: 0, unitMs: busyMs, reaches: 1, end: itsEnd };
  if (step <= 0) return { beginMs: busyMs, unitMs: 0, reaches: 0, end: itsEnd };
  const likelyUnitMs = (busyMs - Math.min(usualBeginMs, busyMs / 2)) / step;
  const ownUnitMs = Math.min(unitMs ?? likelyUnitMs, busyMs / step);
  return {
    beginMs: busyMs - ownUnitMs * step,
    unitMs: ownUnitMs,
    reaches: itsEnd === 'completed' ? 1 : Math.min(1, step / maxFidelity),
    end: itsEnd,
  };
}

function pick<T>(values: readonly T[], seed: number, index: number, purpose: string): T {
  return values[randomStream(seed, index, purpose).int(values.length)]!;
}

/** The median. */
function usual(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
