import type { Program, WireNumber } from '@fleetune/protocol';
import type { ReportRow } from '../runner.ts';

/** What a source of metrics found, before names are looked at. */
export type RawRow = Record<string, unknown>;

/** Where rows go, and what is known about the objective for the sentence of a failure. */
export interface MetricRows {
  /** False when the row has no metric that the study keeps. */
  take(raw: RawRow, step?: number): boolean;
  /** Values of the objective so far that were finite; and all of them. */
  readonly finite: number;
  readonly seen: number;
  /** The last thing under the objective's name that was no number, as text. */
  readonly odd: string | undefined;
}

/**
 * Keeps the study's own metrics of a row. Its step is the one given, or the fidelity's key when that is a finite
 * number, else the row's place in the order (the outbox fills it in).
 */
export function createMetricRows(
  program: Pick<Program, 'kept' | 'fidelity'>,
  onRow: (row: ReportRow) => void,
): MetricRows {
  const { kept, fidelity } = program;
  const objective = kept[0]!;
  const rows = {
    finite: 0,
    seen: 0,
    odd: undefined as string | undefined,
    take(raw: RawRow, given?: number): boolean {
      const metrics: Record<string, WireNumber> = {};
      let some = false;
      for (const name of kept) {
        const value = wireNumber(raw[name]);
        if (value === undefined) continue;
        metrics[name] = value;
        some = true;
      }
      const own = metrics[objective];
      if (own === undefined && raw[objective] != null) rows.odd = JSON.stringify(raw[objective]);
      if (!some) return false;
      if (own !== undefined) rows.seen += 1;
      if (typeof own === 'number') rows.finite += 1;
      const step = given ?? (fidelity === undefined ? undefined : raw[fidelity]);
      onRow(typeof step === 'number' && Number.isFinite(step) ? { step, metrics } : { metrics });
      return true;
    },
  };
  return rows;
}

/** Numbers that JSON lacks travel as strings; anything else is no number. */
function wireNumber(value: unknown): WireNumber | undefined {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return value;
  if (typeof value !== 'number') return undefined;
  return Number.isFinite(value) ? value : (String(value) as WireNumber);
}
