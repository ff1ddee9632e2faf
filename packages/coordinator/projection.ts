// The rows that people read without a replay, as a function of the state.

import { incumbentOf, toWire, type StudyState, type WireNumber } from '@fleetune/core';
import type { Append, TrialRow } from './store/index.ts';

export function studyRow(state: StudyState): Append['row'] {
  const incumbent = incumbentOf(state);
  return {
    lastEvent: state.lastEvent,
    state: state.run !== undefined ? 'running' : state.end !== undefined ? 'ended' : 'created',
    trials: { ...state.counts },
    ...(state.spec && { spec: state.spec }),
    ...(incumbent && {
      incumbent: {
        trial: incumbent.trial,
        value: incumbent.value,
        ...(incumbent.step !== undefined && { step: incumbent.step }),
      },
    }),
  };
}

export function trialRow(state: StudyState, number: number): TrialRow {
  const trial = state.trials[number]!;
  const metrics: Record<string, WireNumber> = {};
  for (const [name, value] of Object.entries(trial.metrics)) metrics[name] = toWire(value);
  return {
    number,
    state: trial.state,
    params: trial.params,
    attempts: trial.attempts.length,
    sampler: trial.sampler,
    metrics,
    reports: trial.reports,
    createdAt: trial.createdAt,
    reason: trial.reason.text,
    ...(trial.value !== undefined && { value: toWire(trial.value) }),
    ...(trial.step !== undefined && { step: trial.step }),
    ...(trial.startedAt !== undefined && { startedAt: trial.startedAt }),
    ...(trial.endedAt !== undefined && { endedAt: trial.endedAt }),
    ...(trial.tail && { tail: trial.tail }),
  };
}
