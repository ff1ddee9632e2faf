import type { StudyEvent, StudySpec } from '@fleetune/core';
import { figure } from './figures.ts';
import { printable } from './text-width.ts';
import type { RecentTrial } from './status-sections.ts';

type TrialEnded = Extract<StudyEvent, { kind: 'trial-ended' }>;

/** What is worth saying about a trial that ended. */
export function trialEnd(
  event: TrialEnded,
  spec: Pick<StudySpec, 'objective' | 'fidelity'>,
): RecentTrial {
  const { trial, state, value, step, reason } = event;
  const at = step === undefined ? '' : ` at ${spec.fidelity?.metric ?? 'step'} ${figure(step)}`;
  const result = value === undefined ? '' : `${spec.objective.metric} ${figure(value)}${at}`;
  if (state === 'completed') return { trial, state, text: result };
  const why = printable(reason.text);
  return { trial, state, text: result === '' ? why : `${result} (${why})` };
}
