// Reads packed reports row by row and says what each one means. `decide` and `evolve` share it, so
// that both see a report alike.

import type { StudySpec } from '../space/study-spec.ts';
import type { ReportColumns } from './event.ts';
import { lossOf, type TrialRecord } from './state.ts';
import { fromWire } from './wire-number.ts';

export interface ReportRow {
  index: number;
  step: number;
  /** The objective, in the user's direction; undefined in a row that lacks it. */
  value: number | undefined;
  /**
   * kept: the trial's value moves here. other: no objective in it. repeated: its step is not above
   * the last one. past-full: after the full fidelity, nothing counts. invalid: NaN, or infinitely
   * good.
   */
  meaning: 'kept' | 'other' | 'repeated' | 'past-full' | 'invalid';
  /** The program gave no usable step, so that it was counted. */
  counted: boolean;
}

/** The rows, as they follow what the trial's live attempt has reported. */
export function reportRows(
  spec: StudySpec,
  trial: TrialRecord,
  columns: ReportColumns,
): ReportRow[] {
  const { fidelity } = spec;
  const objective = columns.metrics[spec.objective.metric];
  const rows = new Array<ReportRow>(columns.step.length);
  let last = trial.attempts.at(-1)?.step;
  let full = fidelity !== undefined && (trial.step ?? -Infinity) >= fidelity.max;
  for (let index = 0; index < columns.step.length; index++) {
    const given = fromWire(columns.step[index]!);
    const counted = !Number.isFinite(given);
    const step = counted ? (last ?? 0) + 1 : given;
    const wire = objective?.[index] ?? undefined;
    const value = wire === undefined ? undefined : fromWire(wire);
    const repeated = fidelity !== undefined && last !== undefined && step <= last;
    const meaning = meaningOf(spec, value, full, repeated);
    if (meaning === 'kept') {
      last = step;
      full = fidelity !== undefined && step >= fidelity.max;
    }
    rows[index] = { index, step, value, meaning, counted };
  }
  return rows;
}

function meaningOf(
  spec: StudySpec,
  value: number | undefined,
  full: boolean,
  repeated: boolean,
): ReportRow['meaning'] {
  if (value === undefined) return 'other';
  if (full) return 'past-full';
  if (repeated) return 'repeated';
  // Infinitely bad is a lawful value; infinitely good would end every search.
  return Number.isNaN(value) || lossOf(spec, value) === -Infinity ? 'invalid' : 'kept';
}
